package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.ListIndex;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds to the app's containers; what the app has set itself is kept. */
final class AppEdits {

    private final PodEdit edit;
    /** By identity: to compare two containers means to compare all that they have. */
    private final Map<Container, Present> present = new IdentityHashMap<>();

    /** The first profile that sets a variable, by its name. */
    private final Map<Container, Map<String, Chosen>> setters = new IdentityHashMap<>();

    /** The containers that get something, in the order in which they first do. */
    private final List<Container> changed = new ArrayList<>();

    /** By identity. */
    private final Map<Container, Added> added = new IdentityHashMap<>();

    AppEdits(PodEdit edit) {
        this.edit = edit;
    }

    /**
     * What one container gets.
     *
     * @param variables by name; texts may still be appended to their values
     * @param values of the container's own variables to which a text was appended, by index
     */
    private record Added(
            List<JsonNode> mounts,
            Map<String, ObjectNode> variables,
            List<JsonNode> sources,
            Map<Integer, String> values) {

        Added() {
            this(new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>(), new LinkedHashMap<>());
        }

        /** The container's own variables, with what was appended to them. */
        JsonNode own(Container container) {
            JsonNode env = container.tree().path("env");
            if (values.isEmpty()) {
                return env;
            }
            JsonNode changed = env.deepCopy();
            values.forEach((index, value) -> ((ObjectNode) changed.path(index)).put("value", value));
            return changed;
        }

        List<VariablePlacement> placements(Container container) {
            return VariablePlacement.of(own(container), List.copyOf(variables.values()));
        }
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
                giveWay(ReasonCode.MOUNT_CONFLICT, chosen, "mount at " + Excerpt.of(mountPath), container);
            }
            return false;
        }
        VolumeMount own = presentIn(container).mounts().get(mountPath);
        if (own != null) {
            boolean ours = carry(edit.earlier().volumeMounts(), edit.status().volumeMounts, container, mountPath);
            if (ours) {
                edit.recordAgain(
                        AddedParts.container(container.name()),
                        AddedParts.mount(mountPath),
                        () -> AdditionHash.ofMount(mount));
            } else if (!edit.presence().holds(mount, own.tree())) {
                edit.keep(
                        ReasonCode.MOUNT_CONFLICT,
                        chosen.request()
                                .but("container " + container.name() + " keeps its own volume at "
                                        + Excerpt.of(mountPath)));
            }
            return false;
        }
        append(container, "volumeMounts", mount);
        addedTo(container).mounts().add(mount);
        list(edit.status().volumeMounts, container, mountPath);
        edit.record(AddedParts.container(container.name()), AddedParts.mount(mountPath), AdditionHash.ofMount(mount));
        return true;
    }

    /** Whether the variable had to be added. */
    boolean addVariable(Chosen chosen, Container container, JsonNode variable) {
        String name = variable.path("name").asText();
        setters.computeIfAbsent(container, key -> new HashMap<>()).putIfAbsent(name, chosen);
        Optional<JsonNode> other = edit.claim(container.name() + " sets " + name, variable);
        if (other.isPresent()) {
            if (!other.get().equals(variable)) {
                giveWay(ReasonCode.ENV_CONFLICT, chosen, "value of " + Excerpt.of(name), container);
            }
            return false;
        }
        if (container.environment().contains(name)) {
            boolean ours = carry(edit.earlier().env(), edit.status().env, container, name);
            if (ours) {
                edit.recordAgain(
                        AddedParts.container(container.name()),
                        AddedParts.variable(name),
                        () -> AdditionHash.ofVariable(variable));
            } else if (!presentIn(container).variables().holds(variable, edit.presence())) {
                edit.keep(
                        ReasonCode.ENV_CONFLICT,
                        chosen.request()
                                .but("container " + container.name() + " keeps its own value of " + Excerpt.of(name)));
            }
            return false;
        }
        addedTo(container).variables().put(name, variable.deepCopy());
        list(edit.status().env, container, name);
        return true;
    }

    /** The profile that sets a variable, whether it had to be added or not. */
    Optional<Chosen> setter(Container container, String name) {
        return Optional.ofNullable(setters.getOrDefault(container, Map.of()).get(name));
    }

    /** Keeps a variable on the list of what was added if an earlier pass added it; whether it did. */
    boolean carriesVariable(Container container, String name) {
        return carry(edit.earlier().env(), edit.status().env, container, name);
    }

    /** The variable that was added to a container, to be changed in place. */
    Optional<ObjectNode> added(Container container, String name) {
        return Optional.ofNullable(added.get(container))
                .flatMap(additions -> Optional.ofNullable(additions.variables().get(name)));
    }

    /** Gives a container's own variable another value. */
    void setValue(Container container, int index, String value) {
        addedTo(container).values().put(index, value);
        edit.patch().put(listIn(container, "env").child(index), "value", TextNode.valueOf(value));
    }

    /** Whether the source of variables had to be added. */
    boolean addVariableSource(Container container, JsonNode source) {
        if (edit.claim(container.name() + " reads " + source, source).isPresent()) {
            return false;
        }
        boolean present = presentIn(container).sources().holds(source, edit.presence());
        boolean ours = edit.earlier()
                .envFrom()
                .getOrDefault(container.name(), Set.of())
                .contains(source);
        if (!present) {
            append(container, "envFrom", source);
            addedTo(container).sources().add(source);
        }
        if (!present || ours) {
            edit.status()
                    .envFrom
                    .computeIfAbsent(container.name(), key -> new LinkedHashSet<>())
                    .add(source);
        }
        return !present;
    }

    /** Puts the variables of all profiles into the containers: only all together show which of them the container's own use. */
    void placeVariables() {
        for (Container container : changed) {
            Added additions = addedTo(container);
            Pointer list = listIn(container, "env");
            int end = container.tree().path("env").size();
            int inserted = 0;
            for (VariablePlacement placement : additions.placements(container)) {
                edit.record(
                        AddedParts.container(container.name()),
                        AddedParts.variable(placement.variable().path("name").asText()),
                        AdditionHash.ofVariable(placement.variable()));
                if (placement.before() == end) {
                    edit.patch().append(list, placement.variable());
                } else {
                    edit.patch().insert(list, placement.before() + inserted++, placement.variable());
                }
            }
        }
    }

    /** A container with all that was added to it. */
    Container withAdditions(Container container) {
        @Nullable Added additions = added.get(container);
        if (additions == null) {
            return container;
        }
        ObjectNode tree = container.tree().deepCopy();
        additions.mounts().forEach(mount -> list(tree, "volumeMounts").add(mount.deepCopy()));
        additions.sources().forEach(source -> list(tree, "envFrom").add(source.deepCopy()));
        if (!additions.values().isEmpty()) {
            tree.set("env", additions.own(container));
        }
        int inserted = 0;
        for (VariablePlacement placement : additions.placements(container)) {
            list(tree, "env")
                    .insert(
                            placement.before() + inserted++,
                            placement.variable().deepCopy());
        }
        return container.with(tree);
    }

    private static ArrayNode list(ObjectNode container, String field) {
        return container.path(field) instanceof ArrayNode list ? list : container.putArray(field);
    }

    private Added addedTo(Container container) {
        return added.computeIfAbsent(container, key -> {
            changed.add(key);
            return new Added();
        });
    }

    private void giveWay(ReasonCode code, Chosen chosen, String what, Container container) {
        edit.keep(
                code,
                chosen.request()
                        .but("its " + what + " for container " + container.name() + " gives way to another profile's"));
    }

    private void append(Container container, String field, JsonNode value) {
        edit.patch().append(listIn(container, field), value);
    }

    private static Pointer listIn(Container container, String field) {
        return Pointer.of("spec", container.list().field(), Integer.toString(container.index()), field);
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
