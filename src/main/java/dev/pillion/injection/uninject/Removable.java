package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeMount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an addition that a status lists may be removed. Anyone can write a status, so an addition that no profile defines could be the
 * app's own, and is kept. Each method returns the reason why an addition is kept; empty if it may be removed.
 */
final class Removable {

    /** The maximum number of renamed containers that are searched for, since anyone can write a status with many. */
    private static final int MAX_RENAMED = 16;

    private final Pod pod;
    private final Status status;
    private final Definitions definitions;
    private @Nullable Owners owners;

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
        return unless(definitions.defineContainer(container.list(), container.name()));
    }

    Optional<String> volume(JsonNode volume) {
        return unless(definitions.defineVolume(volume));
    }

    /** A mount of an injected volume, or a copy of another container's mount, so that both share the directory. */
    Optional<String> mount(Container container, VolumeMount mount) {
        return unless(isOfInjectedVolume(mount)
                || definitions.defineMount(mount)
                || definitions.shareBelow(mount) && hasOther(owners().mounts().get(key(mount)), container));
    }

    private boolean isOfInjectedVolume(VolumeMount mount) {
        JsonNode volume = pod.volumes().get(mount.volume());
        return status.volumes().contains(mount.volume()) && (volume == null || definitions.defineVolume(volume));
    }

    /** A string is comparable, so a hash map of many keys with the same hash is fast. */
    private static String key(VolumeMount mount) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(mount.volume())
                .add(mount.directory())
                .add(mount.tree().path("subPath").asText())
                .add(mount.tree().path("subPathExpr").asText())
                .toString();
    }

    /** A variable that a profile sets, or a copy of another container's variable that a shared {@code subPathExpr} refers to. */
    Optional<String> variable(Container container, String name) {
        return unless(definitions.defineVariable(name)
                || definitions.shareDirectories()
                        && hasOther(owners().variables().get(name), container));
    }

    Optional<String> variableSource(JsonNode source) {
        return unless(definitions.defineVariableSource(source));
    }

    Optional<String> label(String name) {
        return unless(definitions.defineLabel(name));
    }

    Optional<String> annotation(String name) {
        return unless(definitions.defineAnnotation(name));
    }

    Optional<String> secret(String name) {
        return unless(definitions.defineSecret(name));
    }

    /** A field of the Pod's spec, or an element of a list in it. The key is empty if any element can be the profile's. */
    Optional<String> podField(String field, String keyField, String key) {
        return unless(definitions.definePodField(field, keyField, key));
    }

    Optional<String> nodeLabel(String name) {
        return unless(definitions.defineNodeLabel(name));
    }

    /** Whether anything at all can be removed. */
    boolean isAnything() {
        return !definitions.profiles().isEmpty();
    }

    /**
     * Additions of containers that someone has renamed: the status lists them for a container that the Pod does not have, and another container
     * has them. Each addition has the reason why it is kept. The additions of a container that was removed are gone.
     */
    static Map<String, String> ofRenamedContainers(Status status, Pod pod) {
        Set<String> names = new HashSet<>();
        pod.allContainers().forEach(container -> names.add(container.name()));
        Map<String, String> reasons = new LinkedHashMap<>();
        status.env().entrySet().stream()
                .filter(listed ->
                        !names.contains(listed.getKey()) && !listed.getValue().isEmpty())
                .limit(MAX_RENAMED)
                .forEach(listed -> pod.allContainers()
                        .filter(other -> !status.env().containsKey(other.name())
                                && !status.list(other.list()).contains(other.name())
                                && other.environment().containsAll(listed.getValue()))
                        .findFirst()
                        .ifPresent(other -> reasons.put(
                                "variable " + listed.getValue().iterator().next() + " of container " + listed.getKey(),
                                "the Pod has no container " + listed.getKey() + ", and container " + other.name()
                                        + " sets the variable")));
        return reasons;
    }

    /** Whether another container has it too. */
    private static boolean hasOther(@Nullable Set<String> containers, Container container) {
        return containers != null && (containers.size() > 1 || !containers.contains(container.name()));
    }

    private Owners owners() {
        if (owners == null) {
            owners = Owners.of(pod, status);
        }
        return owners;
    }

    /** By mount or variable, the names of the containers that have it and for which the status does not list it. */
    private record Owners(Map<String, Set<String>> mounts, Map<String, Set<String>> variables) {

        static Owners of(Pod pod, Status status) {
            Owners owners = new Owners(new HashMap<>(), new HashMap<>());
            pod.allContainers().forEach(container -> {
                String name = container.name();
                Set<String> directories = status.volumeMounts().getOrDefault(name, Set.of());
                container.volumeMounts().stream()
                        .filter(mount -> !directories.contains(mount.directory()))
                        .forEach(mount -> owners.mounts()
                                .computeIfAbsent(key(mount), key -> new HashSet<>())
                                .add(name));
                Set<String> listed = status.env().getOrDefault(name, Set.of());
                container.environment().stream()
                        .filter(variable -> !listed.contains(variable))
                        .forEach(variable -> owners.variables()
                                .computeIfAbsent(variable, key -> new HashSet<>())
                                .add(name));
            });
            return owners;
        }
    }

    private Optional<String> unless(boolean defined) {
        if (defined) {
            return Optional.empty();
        }
        return Optional.of(
                definitions.unknown().isEmpty()
                        ? "no profile in annotation " + Annotations.STATUS + " defines it"
                        : "profile '" + definitions.unknown().getFirst() + "', which annotation " + Annotations.STATUS
                                + " names, is not in the catalog");
    }
}
