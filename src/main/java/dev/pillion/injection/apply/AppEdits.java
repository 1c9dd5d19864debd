package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the app's containers. It never changes what the app sets itself.
 *
 * <p>It has more than 200 lines because mounts, variables and sources of variables share the record of what a container gets.
 */
final class AppEdits {

    private final PodEdit edit;
    /** By identity, because comparing two containers compares all their fields. */
    private final Map<Container, ContainerEntries> entries = new IdentityHashMap<>();

    /** The first profile that sets a variable, by its name. */
    private final Map<Container, Map<String, Chosen>> setBy = new IdentityHashMap<>();

    /** The containers that something was added to, in the order of their first addition. */
    private final List<Container> changed = new ArrayList<>();

    /** By identity. */
    private final Map<Container, ContainerAdditions> added = new IdentityHashMap<>();

    AppEdits(PodEdit edit) {
        this.edit = edit;
    }

    private ContainerEntries entriesOf(Container container) {
        return entries.computeIfAbsent(container, ContainerEntries::of);
    }

    /** Whether the mount was added. */
    boolean addMount(Chosen chosen, Container container, JsonNode mount) {
        String mountPath = VolumeMount.of(mount).directory();
        Optional<JsonNode> other = edit.claim(container.name() + " mounts " + mountPath, mount);
        if (other.isPresent()) {
            if (!other.get().equals(mount)) {
                keepOther(ReasonCode.MOUNT_CONFLICT, chosen, "mount at " + Excerpt.of(mountPath), container);
            }
            return false;
        }
        VolumeMount own = entriesOf(container).mounts().get(mountPath);
        if (own != null) {
            boolean ours = keepListed(edit.earlier().volumeMounts(), edit.status().volumeMounts, container, mountPath);
            if (ours) {
                edit.recordEarlier(
                        AddedParts.container(container),
                        AddedParts.mount(mountPath),
                        () -> AdditionHash.ofMount(mount));
            } else if (!edit.matcher().matches(mount, own.tree())) {
                edit.keep(
                        ReasonCode.MOUNT_CONFLICT,
                        chosen.request()
                                .but("container " + container.name() + " keeps its own volume at "
                                        + Excerpt.of(mountPath)));
            }
            return false;
        }
        append(container, "volumeMounts", mount);
        additionsTo(container).mounts().add(mount);
        list(edit.status().volumeMounts, container, mountPath);
        edit.record(AddedParts.container(container), AddedParts.mount(mountPath), AdditionHash.ofMount(mount));
        return true;
    }

    /** Whether the variable was added. */
    boolean addVariable(Chosen chosen, Container container, JsonNode variable) {
        String name = variable.path("name").asText();
        setBy.computeIfAbsent(container, key -> new HashMap<>()).putIfAbsent(name, chosen);
        Optional<JsonNode> other = edit.claim(container.name() + " sets " + name, variable);
        if (other.isPresent()) {
            if (!other.get().equals(variable)) {
                keepOther(ReasonCode.ENV_CONFLICT, chosen, "value of " + Excerpt.of(name), container);
            }
            return false;
        }
        if (container.environment().contains(name)) {
            boolean ours = keepListed(edit.earlier().env(), edit.status().env, container, name);
            if (ours) {
                edit.recordEarlier(
                        AddedParts.container(container),
                        AddedParts.variable(name),
                        () -> AdditionHash.ofVariable(variable));
            } else if (!entriesOf(container).variables().contains(variable, edit.matcher())) {
                edit.keep(
                        ReasonCode.ENV_CONFLICT,
                        chosen.request()
                                .but("container " + container.name() + " keeps its own value of " + Excerpt.of(name)));
            }
            return false;
        }
        additionsTo(container).variables().put(name, variable.deepCopy());
        list(edit.status().env, container, name);
        return true;
    }

    /** The first profile that sets a variable, even if the container has the variable already. */
    Optional<Chosen> setter(Container container, String name) {
        return Optional.ofNullable(setBy.getOrDefault(container, Map.of()).get(name));
    }

    /** Lists a variable in the new status if an earlier pass added it, and returns whether it did. */
    boolean keepListed(Container container, String name) {
        return keepListed(edit.earlier().env(), edit.status().env, container, name);
    }

    /** The variable that was added to a container. The caller may change its value. */
    Optional<ObjectNode> added(Container container, String name) {
        return Optional.ofNullable(added.get(container))
                .flatMap(additions -> Optional.ofNullable(additions.variables().get(name)));
    }

    /** Gives a container's own variable another value. */
    void setValue(Container container, int index, String value) {
        additionsTo(container).values().put(index, value);
        edit.patch().put(listIn(container, "env").child(index), "value", TextNode.valueOf(value));
    }

    /** Whether the source of variables was added. */
    boolean addVariableSource(Container container, JsonNode source) {
        if (edit.claim(container.name() + " reads " + source, source).isPresent()) {
            return false;
        }
        boolean present = entriesOf(container).sources().contains(source, edit.matcher());
        boolean ours = edit.earlier()
                .envFrom()
                .getOrDefault(container.name(), Set.of())
                .contains(source);
        if (!present) {
            append(container, "envFrom", source);
            additionsTo(container).sources().add(source);
        }
        if (!present || ours) {
            edit.status()
                    .envFrom
                    .computeIfAbsent(container.name(), key -> new LinkedHashSet<>())
                    .add(source);
        }
        return !present;
    }

    /** Inserts the variables of all profiles, once all are known: a variable goes before the container's own variables that refer to it. */
    void placeVariables() {
        for (Container container : changed) {
            ContainerAdditions additions = additionsTo(container);
            Pointer list = listIn(container, "env");
            int end = container.tree().path("env").size();
            int inserted = 0;
            for (VariablePlacement placement : additions.placements(container)) {
                edit.record(
                        AddedParts.container(container),
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

    /** A container with everything that was added to it. */
    Container withAdditions(Container container) {
        @Nullable ContainerAdditions additions = added.get(container);
        return additions == null ? container : additions.addedTo(container);
    }

    private ContainerAdditions additionsTo(Container container) {
        return added.computeIfAbsent(container, key -> {
            changed.add(key);
            return new ContainerAdditions();
        });
    }

    private void keepOther(ReasonCode code, Chosen chosen, String what, Container container) {
        edit.keep(
                code,
                chosen.request()
                        .but("its " + what + " for container " + container.name()
                                + " is not added, because another profile takes precedence"));
    }

    private void append(Container container, String field, JsonNode value) {
        edit.patch().append(listIn(container, field), value);
    }

    private static Pointer listIn(Container container, String field) {
        return Pointer.of("spec", container.list().field(), Integer.toString(container.index()), field);
    }

    /** Lists a name in the new status if the earlier status lists it, and returns whether it does. */
    private static boolean keepListed(
            Map<String, Set<String>> earlier, Map<String, Set<String>> now, Container container, String name) {
        boolean isListed = earlier.getOrDefault(container.name(), Set.of()).contains(name);
        if (isListed) {
            list(now, container, name);
        }
        return isListed;
    }

    private static void list(Map<String, Set<String>> names, Container container, String name) {
        names.computeIfAbsent(container.name(), key -> new LinkedHashSet<>()).add(name);
    }
}
