package dev.pillion.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.cli.live.LiveCluster;
import dev.pillion.cli.live.LiveWorkload;
import dev.pillion.cli.live.ResourceArguments;
import dev.pillion.cli.live.ResourceArguments.ResourceArgument;
import dev.pillion.cli.manifest.InputText;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cli.simulate.SimulatedManifest;
import dev.pillion.cli.simulate.SimulationOptions;
import dev.pillion.cluster.ApiDiscovery;
import dev.pillion.cluster.ApiResource;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.Controllers;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.injection.Injector;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.yaml.Document;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Workloads of a cluster with the decisions for their Pods.
 *
 * @param manifests the workloads and their namespaces, as manifests
 * @param pods what the Pods of each workload have, in the order of the workloads
 */
record LiveExplanation(List<SimulatedManifest> manifests, List<LivePods> pods) {

    private static final String SOURCE = "the cluster";

    /**
     * @param everywhere whether to read all namespaces
     * @param err receives a message if something that is not necessary cannot be read
     */
    static LiveExplanation of(
            SimulationOptions options, ConnectionOptions connection, String labels, boolean everywhere, PrintWriter err)
            throws UnusableInputException {
        try (LiveCluster live = LiveCluster.open(connection, options.cluster(), options.catalog(), "pillion-explain")) {
            WorkloadReader reader = new WorkloadReader(live.reader());
            ApiDiscovery discovery = new ApiDiscovery(live.reader());
            Controllers controllers = new Controllers(discovery, reader);
            List<LiveObject> objects = objects(options, labels, everywhere, live.namespace(), reader, discovery);
            LabelSelector called = live.mutatedNamespaces(err);
            Map<String, JsonNode> namespaces = namespaces(objects, live.reader());
            List<LiveWorkload> workloads = new ArrayList<>();
            for (LiveObject object : objects) {
                String name = object.namespace();
                Namespace namespace =
                        namespaces.containsKey(name) ? Namespace.of(namespaces.get(name)) : Namespace.named(name);
                workloads.add(LiveWorkload.read(object.tree(), object.type(), namespace, reader, controllers));
            }
            Catalog catalog = live.inForce();
            Injector injector = new Injector(live.settings());
            return new LiveExplanation(
                    options.simulate(manifests(workloads, namespaces), catalog, live.settings()),
                    workloads.stream()
                            .map(workload -> LivePods.of(
                                    workload,
                                    called.matches(workload.namespace().labels()),
                                    injector,
                                    catalog))
                            .toList());
        } catch (UnreachableClusterException | MalformedPodException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()));
        }
    }

    private record LiveObject(ApiResource type, JsonNode tree) {

        String namespace() {
            return tree.path("metadata").path("namespace").asText();
        }
    }

    private static List<LiveObject> objects(
            SimulationOptions options,
            String labels,
            boolean everywhere,
            String defaultNamespace,
            WorkloadReader reader,
            ApiDiscovery discovery)
            throws UnusableInputException, UnreachableClusterException {
        String namespace = options.cluster().namespaceName().orElse(defaultNamespace);
        List<LiveObject> objects = new ArrayList<>();
        for (ResourceArgument argument : ResourceArguments.read(options.input().arguments(), discovery)) {
            argument.objects(everywhere ? Optional.empty() : Optional.of(namespace), labels, reader)
                    .forEach(tree -> objects.add(new LiveObject(argument.type(), tree)));
        }
        if (objects.isEmpty()) {
            throw new UnusableInputException("there is no such resource"
                    + (everywhere ? "" : " in namespace " + namespace)
                    + (labels.isEmpty() ? "" : " with labels " + labels));
        }
        return objects;
    }

    /** The existing namespaces of these objects, by name. */
    private static Map<String, JsonNode> namespaces(List<LiveObject> objects, ClusterReader reader)
            throws UnreachableClusterException {
        Map<String, JsonNode> namespaces = new HashMap<>();
        for (LiveObject object : objects) {
            String name = object.namespace();
            if (!namespaces.containsKey(name)) {
                reader.namespace(name).ifPresent(tree -> namespaces.put(name, tree));
            }
        }
        return namespaces;
    }

    private static List<Manifest> manifests(List<LiveWorkload> workloads, Map<String, JsonNode> namespaces)
            throws UnusableInputException {
        List<Document> documents = new ArrayList<>();
        for (LiveWorkload workload : workloads) {
            documents.add(new Document(workload.explained(), Map.of()));
        }
        namespaces.values().forEach(tree -> documents.add(new Document(tree, Map.of())));
        InputText input = new InputText(SOURCE, "", documents);
        List<Manifest> manifests = new ArrayList<>();
        for (int index = 0; index < documents.size(); index++) {
            manifests.add(new Manifest(input, index));
        }
        return manifests;
    }
}
