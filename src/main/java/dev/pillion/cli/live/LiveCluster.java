package dev.pillion.cli.live;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.KubernetesVersion;
import java.util.List;
import java.util.Optional;

/**
 * The cluster that the options select, with its profiles and policies.
 *
 * @param catalog the profiles and policies in force; those of {@code --profiles} replace those of the cluster that have the same name
 * @param settings for the version of the cluster
 */
public record LiveCluster(ClusterReader reader, ResourceCatalog catalog, InjectionSettings settings)
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
            ClusterReader reader = new ClusterReader(connection.cluster(), userAgent);
            try {
                return new LiveCluster(reader, catalog(base, reader), settings(options, reader));
            } catch (UnreachableClusterException | UnusableInputException e) {
                reader.close();
                throw e;
            }
        } catch (InvalidClusterException | UnreachableClusterException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()));
        }
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
