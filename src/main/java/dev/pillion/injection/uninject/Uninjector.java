package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.apply.AdditionHash;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.SpecValue;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.patch.Patch;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeMount;
import dev.pillion.pod.VolumeUsers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Removes the additions that a Pod's status lists, if a profile of the status defines them. The result is the original Pod, field for field. An
 * addition that cannot be removed is kept, and the status still lists it.
 */
public final class Uninjector {

    private final Pod pod;
    private final Status status;
    private final UndoEdit edit;
    private final Removable removable;
    private final AdmissionAdditions additions;
    private final boolean options;

    /** @param options whether to restore annotations that options of the command line replaced */
    private Uninjector(Pod pod, Status status, Catalog catalog, boolean options) {
        this.pod = pod;
        this.options = options;
        this.status = status;
        this.edit = new UndoEdit(pod, status);
        Definitions definitions = Definitions.of(status, catalog);
        this.removable = new Removable(pod, status, definitions);
        this.additions = new AdmissionAdditions(pod);
        UnlistedAdditions.in(pod, status, definitions, catalog).forEach(edit::keep);
    }

    /** Removes the additions and the status. A Pod without a status, or with one that cannot be read, stays as it is. */
    public static Uninjection uninject(Pod pod, Catalog catalog) {
        if (!pod.annotations().containsKey(Annotations.STATUS)) {
            return unchanged(pod, UnlistedAdditions.withoutStatus(pod));
        }
        return Status.read(pod)
                .map(status -> new Uninjector(pod, status, catalog, true).undo().uninjection())
                .orElseGet(() -> unchanged(pod, List.of(new Uninjection.Kept("what was injected", Status.UNREADABLE))));
    }

    /**
     * An injection that is removed so that the Pod can be injected again. The annotations of the request stay.
     *
     * @param left the additions that the status of the next injection takes over
     */
    public record Undone(Uninjection uninjection, Status left) {}

    /** Removes the additions that a status lists, but not the annotations of the request. */
    public static Undone undo(Pod pod, Status status, Catalog catalog) {
        return new Uninjector(pod, status, catalog, false).undo();
    }

    private static Uninjection unchanged(Pod pod, List<Uninjection.Kept> kept) {
        return new Uninjection(Patch.empty(), pod.tree().deepCopy(), kept, List.of(), List.of());
    }

    private Undone undo() {
        Removable.ofRenamedContainers(status, pod).forEach(edit::keep);
        // Additions inside containers are removed first: removing a container changes the indices of the others.
        pod.allContainers().filter(container -> !removable.isRemoved(container)).forEach(this::restore);
        for (ContainerList list : ContainerList.values()) {
            List<Container> containers = pod.list(list);
            remove(Pointer.of("spec", list.field()), "spec." + list.field(), index -> isRemoved(containers.get(index)));
        }
        removeVolumes();
        removeSecrets();
        new PodSpecUndo(edit, removable).restore();
        new MetadataUndo(edit, removable).restore(options);
        return new Undone(edit.build(), edit.left().build());
    }

    private boolean isRemoved(Container container) {
        String name = container.name();
        Set<String> listed = status.list(container.list());
        boolean removed = listed.contains(name)
                && edit.removes("container " + name, removable.container(container), () -> edit.left()
                        .list(container.list())
                        .add(name));
        if (removed) {
            edit.changes().compare(container, additions);
        }
        return removed;
    }

    /** Removes mounts and variables from a container of the app. */
    private void restore(Container container) {
        String name = container.name();
        Pointer pointer = Pointer.of("spec", container.list().field(), Integer.toString(container.index()));
        String place = container.list().field() + "." + name;
        String owner = AddedParts.container(container);
        Set<String> mounts = status.volumeMounts().getOrDefault(name, Set.of());
        remove(pointer.child("volumeMounts"), place + ".volumeMounts", index -> {
            VolumeMount mount = container.volumeMounts().get(index);
            boolean removed = mounts.contains(mount.directory())
                    && edit.removes(
                            "the mount at " + mount.mountPath() + " of container " + name,
                            removable.mount(container, mount),
                            () -> StatusBuilder.list(edit.left().volumeMounts, name, mount.directory()));
            if (removed) {
                edit.changes().compare(owner, AddedParts.mount(mount.directory()), AdditionHash.ofMount(mount.tree()));
            }
            return removed;
        });
        // Texts are removed first: removing a variable changes the indices of the others.
        new AppendUndo(edit, removable).restore(container, pointer.child("env"));
        Set<String> variables = status.env().getOrDefault(name, Set.of());
        JsonNode env = container.tree().path("env");
        remove(pointer.child("env"), place + ".env", index -> {
            String variable = env.path(index).path("name").asText();
            boolean removed = variables.contains(variable)
                    && edit.removes(
                            "variable " + variable + " of container " + name,
                            removable.variable(container, variable),
                            () -> StatusBuilder.list(edit.left().env, name, variable));
            if (removed) {
                edit.changes().compare(owner, AddedParts.variable(variable), AdditionHash.ofVariable(env.path(index)));
            }
            return removed;
        });
        Set<JsonNode> sources = status.envFrom().getOrDefault(name, Set.of());
        JsonNode envFrom = container.tree().path("envFrom");
        EditedElements.ofSources(name).report(sources, envFrom, edit.changes());
        DistinctValues listed = DistinctValues.of(sources);
        remove(pointer.child("envFrom"), place + ".envFrom", index -> {
            JsonNode source = envFrom.path(index);
            return listed.contains(SpecValue.of(source))
                    && edit.removes(
                            "envFrom " + source + " of container " + name,
                            removable.variableSource(source),
                            () -> StatusBuilder.list(edit.left().envFrom, name, source));
        });
    }

    private void removeVolumes() {
        // Volumes are removed after their mounts. A volume that another container still mounts is kept.
        VolumeUsers users = VolumeUsers.in(edit.at(Pointer.of("spec")));
        JsonNode volumes = pod.spec("volumes");
        remove(Pointer.of("spec", "volumes"), "spec.volumes", index -> {
            JsonNode volume = volumes.path(index);
            String name = volume.path("name").asText();
            Optional<String> reason = removable.volume(volume).or(() -> users.of(name)
                    .map(container -> "container " + container + " still mounts it"));
            boolean removed = status.volumes().contains(name)
                    && edit.removes(
                            "volume " + name, reason, () -> edit.left().volumes.add(name));
            if (removed) {
                edit.changes().compare(AddedParts.SPEC, AddedParts.volume(name), AdditionHash.ofVolume(volume));
            }
            return removed;
        });
    }

    private void removeSecrets() {
        JsonNode secrets = pod.spec("imagePullSecrets");
        Set<JsonNode> listed = new LinkedHashSet<>();
        status.imagePullSecrets()
                .forEach(
                        name -> listed.add(JsonNodeFactory.instance.objectNode().put("name", name)));
        EditedElements.ofPod("imagePullSecrets").report(listed, secrets, edit.changes());
        remove(Pointer.of("spec", "imagePullSecrets"), "spec.imagePullSecrets", index -> {
            String name = secrets.path(index).path("name").asText();
            return status.imagePullSecrets().contains(name)
                    && edit.removes("image pull secret " + name, removable.secret(name), () -> edit.left()
                            .imagePullSecrets
                            .add(name));
        });
    }

    private void remove(Pointer list, String place, IntPredicate isRemoved) {
        List<Integer> indices = new ArrayList<>();
        for (int index = 0; index < edit.at(list).size(); index++) {
            if (isRemoved.test(index)) {
                indices.add(index);
            }
        }
        edit.removeElements(list, indices, place);
    }
}
