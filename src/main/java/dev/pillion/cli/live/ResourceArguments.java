package dev.pillion.cli.live;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cluster.ResourceType;
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
    public record ResourceArgument(ResourceType type, Optional<String> name) {}

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
