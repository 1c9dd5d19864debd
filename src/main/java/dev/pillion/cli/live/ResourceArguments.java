package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The resources that positional arguments name, in the forms of {@code kubectl get}: {@code TYPE/NAME}, {@code TYPE NAME} and {@code TYPE}, with commas between several types.
 */
public final class ResourceArguments {

    private ResourceArguments() {}

    /**
     * A resource, or all resources of a type.
     *
     * @param name empty for all
     */
    public record ResourceArgument(ResourceType type, Optional<String> name) {

        /**
         * The objects of the cluster.
         *
         * @param namespace empty for all namespaces
         * @param labels a label selector; empty for all objects
         * @throws UnusableInputException if the object with the name does not exist, or if labels or all namespaces are given with a name
         */
        public List<JsonNode> objects(Optional<String> namespace, String labels, WorkloadReader reader)
                throws UnusableInputException, UnreachableClusterException {
            if (name.isEmpty()) {
                return reader.objects(type, namespace, labels);
            }
            if (!labels.isEmpty() || namespace.isEmpty()) {
                throw new UnusableInputException("--selector and --all-namespaces need a TYPE without a name");
            }
            return List.of(reader.object(type, namespace.get(), name.get())
                    .orElseThrow(() -> new UnusableInputException(
                            type.kind() + "/" + name.get() + " does not exist in namespace " + namespace.get())));
        }
    }

    /**
     * Whether the arguments name resources of a cluster, not files.
     *
     * @param cluster whether an option for a cluster is given; otherwise an existing file with the name of a resource is a file
     */
    public static boolean areResources(List<String> arguments, boolean cluster) {
        return !arguments.isEmpty()
                && ResourceType.named(type(arguments.getFirst())).isPresent()
                && (cluster || !Files.exists(Path.of(arguments.getFirst())));
    }

    /** @throws UnusableInputException if an argument names no known type */
    public static List<ResourceArgument> read(List<String> arguments) throws UnusableInputException {
        List<ResourceArgument> resources = new ArrayList<>();
        if (arguments.getFirst().contains("/")) {
            for (String argument : arguments) {
                int slash = argument.indexOf('/');
                if (slash < 0 || slash == argument.length() - 1) {
                    throw new UnusableInputException(argument + ": write each resource as TYPE/NAME, as the first one");
                }
                resources.add(new ResourceArgument(
                        known(argument.substring(0, slash)), Optional.of(argument.substring(slash + 1))));
            }
            return resources;
        }
        for (String type : arguments.getFirst().split(",", -1)) {
            ResourceType known = known(type);
            if (arguments.size() == 1) {
                resources.add(new ResourceArgument(known, Optional.empty()));
            }
            for (String name : arguments.subList(1, arguments.size())) {
                resources.add(new ResourceArgument(known, Optional.of(name)));
            }
        }
        return resources;
    }

    /** The first type in an argument. */
    private static String type(String argument) {
        return argument.split("[,/]", 2)[0];
    }

    private static ResourceType known(String type) throws UnusableInputException {
        return ResourceType.named(type)
                .orElseThrow(() -> new UnusableInputException(
                        "'" + type + "' is not one of the types " + ResourceType.all() + " or a short name of one"));
    }
}
