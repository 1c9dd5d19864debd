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
 * Whether something that a status lists may be removed: what no profile defines may be the app's own, since anyone can write a status. Each
 * method gives the obstacle, or nothing where there is none.
 */
final class Removable {

    /** For how many containers of a status, which anyone can have written, others are searched. A Pod has few that are renamed. */
    private static final int MOST_RENAMED = 16;

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
        return unless(definitions.haveContainer(container.list(), container.name()));
    }

    Optional<String> volume(JsonNode volume) {
        return unless(definitions.haveVolume(volume));
    }

    /** A mount of an injected volume, or one like another container's, which was repeated here so that both share the directory. */
    Optional<String> mount(Container container, VolumeMount mount) {
        return unless(isOfInjectedVolume(mount)
                || definitions.haveMount(mount)
                || definitions.shareBelow(mount) && hasOther(owners().mounts().get(key(mount)), container));
    }

    private boolean isOfInjectedVolume(VolumeMount mount) {
        JsonNode volume = pod.volumes().get(mount.volume());
        return status.volumes().contains(mount.volume()) && (volume == null || definitions.haveVolume(volume));
    }

    /** A text, which has an order: a hash map of many keys with the same hash takes quadratic time otherwise. */
    private static String key(VolumeMount mount) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(mount.volume())
                .add(mount.directory())
                .add(mount.tree().path("subPath").asText())
                .add(mount.tree().path("subPathExpr").asText())
                .toString();
    }

    /** One that a profile sets, or one like another container's, which a shared {@code subPathExpr} names. */
    Optional<String> variable(Container container, String name) {
        return unless(definitions.haveVariable(name)
                || definitions.shareDirectories()
                        && hasOther(owners().variables().get(name), container));
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

    /** A field of the Pod's spec, or an element of a list in it; the key of it is empty where any could be the profile's. */
    Optional<String> podField(String field, String keyField, String key) {
        return unless(definitions.havePodField(field, keyField, key));
    }

    Optional<String> nodeLabel(String name) {
        return unless(definitions.haveNodeLabel(name));
    }

    /** Whether anything at all can be removed. */
    boolean isAnything() {
        return !definitions.profiles().isEmpty();
    }

    /**
     * Additions to containers that the Pod does not have and another container has, so that a container was renamed: each addition with
     * the obstacle. A removed container takes its additions with it.
     */
    static Map<String, String> ofRenamedContainers(Status status, Pod pod) {
        Set<String> names = new HashSet<>();
        pod.allContainers().forEach(container -> names.add(container.name()));
        Map<String, String> obstacles = new LinkedHashMap<>();
        status.env().entrySet().stream()
                .filter(listed ->
                        !names.contains(listed.getKey()) && !listed.getValue().isEmpty())
                .limit(MOST_RENAMED)
                .forEach(listed -> pod.allContainers()
                        .filter(other -> !status.env().containsKey(other.name())
                                && !status.list(other.list()).contains(other.name())
                                && other.environment().containsAll(listed.getValue()))
                        .findFirst()
                        .ifPresent(other -> obstacles.put(
                                "variable " + listed.getValue().iterator().next() + " of container " + listed.getKey(),
                                "the Pod has no container " + listed.getKey() + ", and container " + other.name()
                                        + " sets the variable")));
        return obstacles;
    }

    /** Whether another container is among these. */
    private static boolean hasOther(@Nullable Set<String> containers, Container container) {
        return containers != null && (containers.size() > 1 || !containers.contains(container.name()));
    }

    private Owners owners() {
        if (owners == null) {
            owners = Owners.of(pod, status);
        }
        return owners;
    }

    /** The names of the containers that have a mount or a variable of their own, which the status does not list. */
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
                        ? "no profile that annotation " + Annotations.STATUS + " names defines it"
                        : "profile '" + definitions.unknown().getFirst() + "', which annotation " + Annotations.STATUS
                                + " names, is not in the catalog");
    }
}
