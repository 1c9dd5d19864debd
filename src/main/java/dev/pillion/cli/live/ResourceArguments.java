package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cluster.ApiDiscovery;
import dev.pillion.cluster.ApiDiscovery.Found;
import dev.pillion.cluster.ApiResource;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.expression.Nearest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The resources that positional arguments name, in the forms of {@code kubectl get}: {@code TYPE/NAME}, {@code TYPE NAME} and {@code TYPE}, with commas between several types.
 */
public final class ResourceArguments {

    /** A name of a type that only the API server knows. */
    private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9.-]*");

    private static final Pattern MANIFEST = Pattern.compile(".*\\.(ya?ml|json)");

    private ResourceArguments() {}

    /** Returns the type with a name. */
    private interface Types {
        ApiResource named(String name) throws UnusableInputException, UnreachableClusterException;
    }

    /**
     * A resource, or all resources of a type.
     *
     * @param name empty for all
     */
    public record ResourceArgument(ApiResource type, Optional<String> name) {

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
                && (isKnown(arguments)
                        ? cluster || !Files.exists(Path.of(arguments.getFirst()))
                        : areCustomResources(arguments, cluster));
    }

    /** Whether the type is a built-in one that has Pods. */
    public static boolean isKnown(List<String> arguments) {
        return ResourceType.named(type(arguments.getFirst())).isPresent();
    }

    /** Whether arguments of an unknown type have the form of resources, and the first one is not a file. */
    private static boolean areCustomResources(List<String> arguments, boolean cluster) {
        String first = arguments.getFirst();
        return TYPE.matcher(type(first)).matches()
                && !MANIFEST.matcher(first).matches()
                && (cluster || first.contains("/") || arguments.size() > 1)
                && !Files.exists(Path.of(first));
    }

    /**
     * Reads arguments of types that have Pods in every cluster.
     *
     * @throws UnusableInputException if an argument names another type
     */
    public static List<ResourceArgument> read(List<String> arguments) throws UnusableInputException {
        try {
            return read(arguments, ResourceArguments::known);
        } catch (UnreachableClusterException e) {
            throw new AssertionError("no cluster is read", e);
        }
    }

    /**
     * Reads arguments of any type of a cluster.
     *
     * @throws UnusableInputException if the cluster has no such type, or if its objects cannot be workloads
     */
    public static List<ResourceArgument> read(List<String> arguments, ApiDiscovery discovery)
            throws UnusableInputException, UnreachableClusterException {
        return read(arguments, name -> {
            Optional<ResourceType> known = ResourceType.named(name);
            return known.isPresent() ? known.get() : discovered(name, discovery);
        });
    }

    private static ApiResource discovered(String name, ApiDiscovery discovery)
            throws UnusableInputException, UnreachableClusterException {
        return switch (discovery.named(name)) {
            case Found.Usable(ApiResource type) -> type;
            case Found.Unusable(String problem) -> throw new UnusableInputException(problem);
            case Found.Unknown(List<String> names, List<String> unreadable) ->
                throw new UnusableInputException("the API server has no resource type '" + name + "'"
                        + Nearest.to(name, names)
                                .map(nearest -> "; did you mean '" + nearest + "'?")
                                .orElse("")
                        + (unreadable.isEmpty()
                                ? ""
                                : "; the types of these groups could not be read: " + String.join(", ", unreadable)));
        };
    }

    private static List<ResourceArgument> read(List<String> arguments, Types types)
            throws UnusableInputException, UnreachableClusterException {
        List<ResourceArgument> resources = new ArrayList<>();
        if (arguments.getFirst().contains("/")) {
            for (String argument : arguments) {
                int slash = argument.indexOf('/');
                if (slash < 0 || slash == argument.length() - 1) {
                    throw new UnusableInputException(
                            "argument '" + argument + "' does not have the form TYPE/NAME of the first argument");
                }
                resources.add(new ResourceArgument(
                        types.named(argument.substring(0, slash)), Optional.of(argument.substring(slash + 1))));
            }
            return resources;
        }
        for (String type : arguments.getFirst().split(",", -1)) {
            ApiResource named = types.named(type);
            if (arguments.size() == 1) {
                resources.add(new ResourceArgument(named, Optional.empty()));
            }
            for (String name : arguments.subList(1, arguments.size())) {
                resources.add(new ResourceArgument(named, Optional.of(name)));
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
                .orElseThrow(() -> new UnusableInputException("type '" + type
                        + "' is not supported here; the types are " + ResourceType.all() + ", and their short names"));
    }
}
