package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeMount;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether something that a status lists may be removed: what no profile defines may be the app's own, whoever wrote the status. Each
 * method gives the obstacle, or nothing where there is none.
 */
final class Removable {

    private final Pod pod;
    private final Status status;
    private final Definitions definitions;

    Removable(Pod pod, Status status, Definitions definitions) {
        this.pod = pod;
        this.status = status;
        this.definitions = definitions;
    }

    /** Whether a container is listed and is removed. */
    boolean isRemoved(Container container) {
        return status.list(container.list()).contains(container.name())
                && container(container).isEmpty();
    }

    Optional<String> container(Container container) {
        return unless(definitions.haveContainer(container.list(), container.name()));
    }

    Optional<String> volume(JsonNode volume) {
        return unless(definitions.haveVolume(volume));
    }

    /** A mount of an injected volume, or one like another container's, which was repeated here so that both share the directory. */
    Optional<String> mount(Container container, VolumeMount mount) {
        return unless(isOfInjectedVolume(mount)
                || definitions.haveMount(mount)
                || definitions.shareBelow(mount)
                        && others(container).anyMatch(other -> other.volumeMounts().stream()
                                .anyMatch(own -> isSame(own, mount)
                                        && !listed(status.volumeMounts, other).contains(own.directory()))));
    }

    private boolean isOfInjectedVolume(VolumeMount mount) {
        JsonNode volume = pod.volumes().get(mount.volume());
        return status.volumes.contains(mount.volume()) && (volume == null || definitions.haveVolume(volume));
    }

    private static boolean isSame(VolumeMount one, VolumeMount other) {
        return one.volume().equals(other.volume())
                && one.directory().equals(other.directory())
                && one.tree().path("subPath").equals(other.tree().path("subPath"))
                && one.tree().path("subPathExpr").equals(other.tree().path("subPathExpr"));
    }

    /** One that a profile sets, or one like another container's, which a shared {@code subPathExpr} names. */
    Optional<String> variable(Container container, String name) {
        return unless(definitions.haveVariable(name)
                || definitions.shareDirectories()
                        && others(container)
                                .anyMatch(other -> other.environment().contains(name)
                                        && !listed(status.env, other).contains(name)));
    }

    Optional<String> variableSource(JsonNode source) {
        return unless(definitions.haveVariableSource(source));
    }

    Optional<String> label(String name) {
        return unless(definitions.haveLabel(name));
    }

    Optional<String> annotation(String name) {
        return unless(definitions.haveAnnotation(name));
    }

    Optional<String> secret(String name) {
        return unless(definitions.haveSecret(name));
    }

    /** Whether anything at all can be removed. */
    boolean isAnything() {
        return !definitions.profiles().isEmpty();
    }

    /**
     * Additions to containers that the Pod does not have and another container has, so that a container was renamed: each addition with
     * the obstacle. What a removed container had is gone with it.
     */
    static Map<String, String> ofRenamedContainers(Status status, Pod pod) {
        Set<String> names = new HashSet<>();
        pod.allContainers().forEach(container -> names.add(container.name()));
        Map<String, String> obstacles = new LinkedHashMap<>();
        status.env.forEach((missing, variables) -> {
            if (!names.contains(missing)) {
                pod.allContainers()
                        .filter(other -> !status.env.containsKey(other.name())
                                && !status.list(other.list()).contains(other.name())
                                && other.environment().containsAll(variables))
                        .findFirst()
                        .ifPresent(other -> obstacles.put(
                                "variable " + variables.iterator().next() + " of container " + missing,
                                "the Pod has no container " + missing + ", and container " + other.name()
                                        + " sets the variable"));
            }
        });
        return obstacles;
    }

    private java.util.stream.Stream<Container> others(Container container) {
        return pod.allContainers().filter(other -> !other.name().equals(container.name()));
    }

    private static Set<String> listed(Map<String, Set<String>> names, Container container) {
        return names.getOrDefault(container.name(), Set.of());
    }

    private Optional<String> unless(boolean defined) {
        if (defined) {
            return Optional.empty();
        }
        return Optional.of(
                definitions.unknown().isEmpty()
                        ? "no profile that annotation " + Annotations.STATUS + " names defines it"
                        : "profile '" + definitions.unknown().getFirst() + "', which annotation " + Annotations.STATUS
                                + " names, is not in the catalog");
    }
}
