package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.KubernetesVersion;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The cluster that the options select, with its profiles and policies.
 *
 * @param namespace the namespace of the context
 * @param catalog the profiles and policies that compile, with those that have ended; those of {@code --profiles} replace those of the cluster that have the same name
 * @param settings for the version of the cluster
 */
public record LiveCluster(String namespace, ClusterReader reader, ResourceCatalog catalog, InjectionSettings settings)
        implements AutoCloseable {

    /**
     * Connects, and reads the profiles, the policies and the version.
     *
     * @throws UnusableInputException if the cluster cannot be reached, or its credentials cannot be used
     */
    public static LiveCluster open(
            ConnectionOptions connection, ClusterOptions options, CatalogOptions files, String userAgent)
            throws UnusableInputException {
        Catalog base = files.catalog();
        try {
            Cluster cluster = connection.cluster();
            ClusterReader reader = new ClusterReader(cluster, userAgent);
            try {
                return new LiveCluster(cluster.namespace(), reader, catalog(base, reader), settings(options, reader));
            } catch (UnreachableClusterException | UnusableInputException e) {
                reader.close();
                throw e;
            }
        } catch (InvalidClusterException | UnreachableClusterException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The namespaces whose Pods the API server sends to Pillion.
     *
     * @param err receives a message if they cannot be read
     */
    public LabelSelector mutatedNamespaces(PrintWriter err) {
        try {
            return LabelSelector.ofStored(reader.mutatedNamespaces());
        } catch (UnreachableClusterException e) {
            err.println("pillion: the excluded namespaces are unknown, so only "
                    + String.join(" and ", new TreeSet<>(InjectionSettings.EXCLUDED_NAMESPACES))
                    + " are excluded: " + e.getMessage());
            return LabelSelector.EVERYTHING;
        }
    }

    /**
     * The namespaces whose Pods the API server sends to Pillion, by name.
     *
     * @param name the only namespace to read; empty for all
     * @param err receives a message if the webhook configuration cannot be read
     */
    public Map<String, Namespace> mutatedNamespaces(Optional<String> name, PrintWriter err)
            throws UnreachableClusterException, MalformedPodException {
        LabelSelector mutated = mutatedNamespaces(err);
        List<JsonNode> trees = name.isEmpty()
                ? reader.namespaces()
                : reader.namespace(name.get()).stream().toList();
        Map<String, Namespace> namespaces = new HashMap<>();
        for (JsonNode tree : trees) {
            Namespace namespace = Namespace.of(tree);
            if (mutated.matches(namespace.labels())) {
                namespaces.put(namespace.name(), namespace);
            }
        }
        return namespaces;
    }

    /** The profiles, and the policies that have not ended. */
    public Catalog inForce() {
        return catalog.catalog().at(Instant.now());
    }

    private static ResourceCatalog catalog(Catalog base, ClusterReader reader) throws UnreachableClusterException {
        List<CatalogResource> resources = reader.resources().stream()
                .filter(resource -> !isReplaced(resource.id(), base))
                .toList();
        return ResourceCatalog.over(base).with(base, resources);
    }

    /** Whether --profiles has a profile or policy with the same name. */
    private static boolean isReplaced(Id id, Catalog files) {
        return switch (id.kind()) {
            case PROFILE ->
                files.profile(id.name())
                        .filter(profile -> !profile.source().equals(CatalogReader.BUILT_IN_SOURCE))
                        .isPresent();
            case POLICY ->
                files.policySources().stream().anyMatch(source -> source.name().equals(id.name()));
        };
    }

    private static InjectionSettings settings(ClusterOptions options, ClusterReader reader)
            throws UnusableInputException, UnreachableClusterException {
        Optional<KubernetesVersion> version = reader.server().version();
        return options.settings(version.isEmpty() || version.get().hasNativeSidecars());
    }

    @Override
    public void close() {
        reader.close();
    }
}
