package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.Rendered.Chosen;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.VolumeMount;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds to the app's containers; what the app has set itself is kept. */
final class AppEdits {

    private final Edit edit;
    /** By identity: to compare two containers means to compare all that they have. */
    private final Map<Container, Present> present = new IdentityHashMap<>();

    /** The first profile that sets a variable, by its name. */
    private final Map<Container, Map<String, Chosen>> setters = new IdentityHashMap<>();

    /** The variables that were added, by name. Texts may still be appended to their values: the patch holds the same nodes. */
    private final Map<Container, Map<String, ObjectNode>> added = new IdentityHashMap<>();

    AppEdits(Edit edit) {
        this.edit = edit;
    }

    /** What a container has of its own, by what it is looked for. */
    private record Present(Map<String, VolumeMount> mounts, ListIndex variables, ListIndex sources) {

        static Present in(Container container) {
            Map<String, VolumeMount> mounts = new HashMap<>();
            container.volumeMounts().forEach(mount -> mounts.putIfAbsent(mount.directory(), mount));
            return new Present(
                    mounts,
                    ListIndex.byName(container.tree().path("env")),
                    ListIndex.bySource(container.tree().path("envFrom")));
        }
    }

    private Present presentIn(Container container) {
        return present.computeIfAbsent(container, Present::in);
    }

    /** Whether the mount had to be added. */
    boolean addMount(Chosen chosen, Container container, JsonNode mount) {
        String mountPath = VolumeMount.of(mount).directory();
        Optional<JsonNode> other = edit.claim(container.name() + " mounts " + mountPath, mount);
        if (other.isPresent()) {
            if (!other.get().equals(mount)) {
                giveWay(Code.MOUNT_KEPT, chosen, "mount at " + Excerpt.of(mountPath), container);
            }
            return false;
        }
        VolumeMount own = presentIn(container).mounts().get(mountPath);
        if (own != null) {
            boolean ours = carry(edit.earlier().volumeMounts, edit.status().volumeMounts, container, mountPath);
            if (!ours && !edit.presence().holds(mount, own.tree())) {
                edit.keep(
                        Code.MOUNT_KEPT,
                        chosen.request()
                                .but("container " + container.name() + " keeps its own volume at "
                                        + Excerpt.of(mountPath)));
            }
            return false;
        }
        append(container, "volumeMounts", mount);
        list(edit.status().volumeMounts, container, mountPath);
        return true;
    }

    /** Whether the variable had to be added. */
    boolean addVariable(Chosen chosen, Container container, JsonNode variable) {
        String name = variable.path("name").asText();
        setters.computeIfAbsent(container, key -> new HashMap<>()).putIfAbsent(name, chosen);
        Optional<JsonNode> other = edit.claim(container.name() + " sets " + name, variable);
        if (other.isPresent()) {
            if (!other.get().equals(variable)) {
                giveWay(Code.ENVIRONMENT_KEPT, chosen, "value of " + Excerpt.of(name), container);
            }
            return false;
        }
        if (container.environment().contains(name)) {
            boolean ours = carry(edit.earlier().env, edit.status().env, container, name);
            if (!ours && !presentIn(container).variables().holds(variable, edit.presence())) {
                edit.keep(
                        Code.ENVIRONMENT_KEPT,
                        chosen.request()
                                .but("container " + container.name() + " keeps its own value of " + Excerpt.of(name)));
            }
            return false;
        }
        ObjectNode own = variable.deepCopy();
        added.computeIfAbsent(container, key -> new HashMap<>()).put(name, own);
        append(container, "env", own);
        list(edit.status().env, container, name);
        return true;
    }

    /** The profile that sets a variable, whether it had to be added or not. */
    Optional<Chosen> setter(Container container, String name) {
        return Optional.ofNullable(setters.getOrDefault(container, Map.of()).get(name));
    }

    /** Keeps a variable on the list of what was added if an earlier pass added it; whether it did. */
    boolean carriesVariable(Container container, String name) {
        return carry(edit.earlier().env, edit.status().env, container, name);
    }

    /** The variable that was added to a container, to be changed in place. */
    Optional<ObjectNode> added(Container container, String name) {
        return Optional.ofNullable(added.getOrDefault(container, Map.of()).get(name));
    }

    /** Whether the source of variables had to be added. */
    boolean addVariableSource(Container container, JsonNode source) {
        if (edit.claim(container.name() + " reads " + source, source).isPresent()) {
            return false;
        }
        boolean present = presentIn(container).sources().holds(source, edit.presence());
        boolean ours =
                edit.earlier().envFrom.getOrDefault(container.name(), Set.of()).contains(source);
        if (!present) {
            append(container, "envFrom", source);
        }
        if (!present || ours) {
            edit.status()
                    .envFrom
                    .computeIfAbsent(container.name(), key -> new LinkedHashSet<>())
                    .add(source);
        }
        return !present;
    }

    private void giveWay(Code code, Chosen chosen, String what, Container container) {
        edit.keep(
                code,
                chosen.request()
                        .but("its " + what + " for container " + container.name() + " gives way to another profile's"));
    }

    private void append(Container container, String field, JsonNode value) {
        Pointer list = Pointer.of("spec", container.list().field(), Integer.toString(container.index()), field);
        edit.patch().append(list, value);
    }

    private static boolean carry(
            Map<String, Set<String>> earlier, Map<String, Set<String>> now, Container container, String name) {
        boolean listed = earlier.getOrDefault(container.name(), Set.of()).contains(name);
        if (listed) {
            list(now, container, name);
        }
        return listed;
    }

    private static void list(Map<String, Set<String>> names, Container container, String name) {
        names.computeIfAbsent(container.name(), key -> new LinkedHashSet<>()).add(name);
    }
}
