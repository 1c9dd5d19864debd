package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.live.ResourceArguments;
import dev.pillion.cli.live.ResourceArguments.ResourceArgument;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which workloads to bring up to date. */
final class RolloutOptions {

    private static final List<ResourceType> RESTARTABLE =
            List.of(ResourceType.DEPLOYMENT, ResourceType.STATEFUL_SET, ResourceType.DAEMON_SET);

    @Parameters(
            paramLabel = "TYPE/NAME",
            arity = "0..*",
            description = "Workloads: TYPE/NAME, TYPE NAME or TYPE, as for kubectl get (default: all).")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "Only workloads with these labels, such as app=web.")
    private String labels = "";

    @Option(names = "--profile", paramLabel = "NAME", description = "Only workloads with a finding for this profile.")
    private Optional<String> profile = Optional.empty();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Workloads of all namespaces.")
    private boolean everywhere;

    boolean isEverywhere() {
        return everywhere;
    }

    /** Whether the Pod makes its workload one of those to bring up to date. */
    boolean selects(CheckedPod pod) {
        return profile.map(pod::hasFinding).orElseGet(pod::hasFindings);
    }

    /** Whether arguments or labels select workloads. */
    boolean areRestricted() {
        return !arguments.isEmpty() || !labels.isEmpty();
    }

    /**
     * The objects that arguments and labels select; all Deployments, StatefulSets and DaemonSets if there are none.
     *
     * @param namespace empty for all
     */
    Map<Target, JsonNode> objects(Optional<String> namespace, WorkloadReader reader)
            throws UnusableInputException, UnreachableClusterException {
        List<ResourceArgument> resources = arguments.isEmpty()
                ? RESTARTABLE.stream()
                        .map(type -> new ResourceArgument(type, Optional.empty()))
                        .toList()
                : ResourceArguments.read(arguments);
        Map<Target, JsonNode> objects = new HashMap<>();
        for (ResourceArgument resource : resources) {
            for (JsonNode object : resource.objects(namespace, labels, reader)) {
                JsonNode metadata = object.path("metadata");
                objects.put(
                        new Target(
                                metadata.path("namespace").asText(),
                                resource.type().kind(),
                                metadata.path("name").asText()),
                        object);
            }
        }
        return objects;
    }
}
