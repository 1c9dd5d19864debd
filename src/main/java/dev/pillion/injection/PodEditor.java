package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.injection.Rendered.Companion;
import dev.pillion.patch.Patch;
import dev.pillion.patch.PatchBuilder;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Adds to one Pod what is not there yet, as operations, and keeps the status.
 *
 * <p>Whatever is already present, or listed by the status and there, is left as it is; what stands in the way of an addition is a
 * denial, and what the app has set itself is kept with a warning. Containers are changed before any is added, since additions move
 * them.
 */
final class PodEditor {

    private static final Pointer SPEC = Pointer.of("spec");
    private static final Pointer VOLUMES = SPEC.child("volumes");
    private static final Pointer SECRETS = SPEC.child("imagePullSecrets");
    private static final Pointer LABELS = Pointer.of("metadata", "labels");
    private static final Pointer ANNOTATIONS = Pointer.of("metadata", "annotations");

    private final Pod pod;
    private final Status status;
    private final PatchBuilder patch;
    private final List<Reason> warnings = new ArrayList<>();
    private final Set<String> claimed = new HashSet<>();
    private final Set<String> emptyDirs = new LinkedHashSet<>();
    private final Set<Companion> addedContainers = Collections.newSetFromMap(new IdentityHashMap<>());
    private int annotationsAdded;
    private boolean changed;

    PodEditor(Pod pod, Status status) {
        this.pod = pod;
        this.status = status;
        this.patch = new PatchBuilder(pod.tree());
    }

    List<Reason> warnings() {
        return warnings;
    }

    /** Whether this container had to be added. */
    boolean added(Companion companion) {
        return addedContainers.contains(companion);
    }

    boolean addMount(Container container, JsonNode mount) {
        String mountPath = mount.path("mountPath").asText();
        if (!claimed.add(container.name() + " mounts " + mountPath)) {
            return false;
        }
        for (JsonNode present : container.tree().path("volumeMounts")) {
            if (present.path("mountPath").asText().equals(mountPath)) {
                if (!Presence.holds(mount, present) && !listed(status.volumeMounts, container, mountPath)) {
                    keep(Code.MOUNT_KEPT, "container " + container.name() + " keeps its own volume at " + mountPath);
                }
                return false;
            }
        }
        append(container, "volumeMounts", mount);
        status.volumeMounts
                .computeIfAbsent(container.name(), name -> new LinkedHashSet<>())
                .add(mountPath);
        return true;
    }

    boolean addVariable(Container container, JsonNode variable) {
        String name = variable.path("name").asText();
        if (!claimed.add(container.name() + " sets " + name)) {
            return false;
        }
        if (container.environment().contains(name)) {
            if (!hasElement(container.tree().path("env"), variable) && !listed(status.env, container, name)) {
                keep(Code.ENVIRONMENT_KEPT, "container " + container.name() + " keeps its own value of " + name);
            }
            return false;
        }
        append(container, "env", variable);
        status.env
                .computeIfAbsent(container.name(), key -> new LinkedHashSet<>())
                .add(name);
        return true;
    }

    boolean addVariableSource(Container container, JsonNode source) {
        if (!claimed.add(container.name() + " reads " + source)
                || hasElement(container.tree().path("envFrom"), source)) {
            return false;
        }
        append(container, "envFrom", source);
        status.envFrom
                .computeIfAbsent(container.name(), key -> new ArrayList<>())
                .add(source);
        return true;
    }

    boolean addVolume(JsonNode volume) throws Denial {
        String name = volume.path("name").asText();
        JsonNode present = pod.volumes().get(name);
        if (present != null) {
            if (!status.volumes.contains(name) && !(Presence.holds(volume, present) && isFree(name, volume))) {
                throw new Denial(
                        Code.NAME_TAKEN,
                        "the Pod has a volume called '" + name + "' that is something else; rename it");
            }
            return false;
        }
        if (!claimed.add("volume " + name)) {
            return false;
        }
        patch.append(VOLUMES, volume);
        status.volumes.add(name);
        if (volume.has("emptyDir")) {
            emptyDirs.add(name);
        }
        changed = true;
        return true;
    }

    /** An app's own {@code emptyDir} is its own, even one that looks like what would be added. */
    private boolean isFree(String name, JsonNode volume) {
        return !volume.has("emptyDir")
                || pod.allContainers()
                        .flatMap(container -> container.volumeMounts().stream())
                        .noneMatch(mount -> mount.volume().equals(name));
    }

    boolean addSecret(JsonNode secret) {
        if (hasElement(pod.spec("imagePullSecrets"), secret) || !claimed.add("secret " + secret)) {
            return false;
        }
        patch.append(SECRETS, secret);
        status.imagePullSecrets.add(secret.path("name").asText());
        changed = true;
        return true;
    }

    boolean addLabel(String name, String value) {
        if (!mayAdd(name, value, pod.labels(), status.labels, "label")) {
            return false;
        }
        patch.put(LABELS, name, TextNode.valueOf(value));
        status.labels.add(name);
        changed = true;
        return true;
    }

    boolean addAnnotation(String name, String value) {
        if (!mayAdd(name, value, pod.annotations(), status.annotations, "annotation")) {
            return false;
        }
        putAnnotation(name, value);
        return true;
    }

    /** A file's content is always what the profile says now; nobody but Pillion writes such an annotation. */
    void addFile(String annotation, String content) throws Denial {
        String present = pod.annotations().get(annotation);
        if (present != null && !present.equals(content) && !status.annotations.contains(annotation)) {
            throw new Denial(Code.NAME_TAKEN, "annotation " + annotation + " is Pillion's own to write; remove it");
        }
        if (!content.equals(present)) {
            putAnnotation(annotation, content);
        }
    }

    /**
     * Adds containers, each where its order puts it among those that are there.
     *
     * @param wanted all companions of one list, present ones too, in their order
     * @return the names of all containers of the list, in the order in which they then stand
     */
    List<String> addContainers(ContainerList list, List<Companion> wanted) throws Denial {
        List<Slot> slots = new ArrayList<>();
        for (Container container : pod.list(list)) {
            slots.add(wanted.stream()
                    .filter(companion -> companion.name().equals(container.name()))
                    .findFirst()
                    .map(companion -> new Slot(companion.template().order(), companion))
                    .orElse(new Slot(ContainerTemplate.OWN_ORDER, null)));
        }
        List<String> names =
                new ArrayList<>(pod.list(list).stream().map(Container::name).toList());
        for (Companion companion : wanted) {
            if (!claimed.add("container " + companion.name())) {
                throw new Denial(
                        Code.NAME_TAKEN,
                        "two of the profiles add a container called '" + companion.name() + "'; ask for one of them");
            }
            if (!isThere(companion, list)) {
                Slot slot = new Slot(companion.template().order(), companion);
                int index = slot.placeIn(slots);
                patch.insert(SPEC.child(list.field()), index, companion.tree());
                slots.add(index, slot);
                status.list(list).add(companion.name());
                names.add(index, companion.name());
                addedContainers.add(companion);
                changed = true;
            }
        }
        return names;
    }

    private boolean isThere(Companion companion, ContainerList list) throws Denial {
        String name = companion.name();
        boolean listed = status.initContainers.contains(name) || status.containers.contains(name);
        var present = pod.container(name);
        if (present.isEmpty() && !pod.ephemeralContainers().contains(name)) {
            return false;
        }
        boolean same = present.isPresent()
                && present.get().list() == list
                && Presence.holds(companion.tree(), present.get().tree());
        if (!listed && !same) {
            throw new Denial(
                    Code.NAME_TAKEN,
                    "the Pod has a container called '" + name + "', the name that profile '"
                            + companion.profile().name() + "' gives to its own; rename it");
        }
        return true;
    }

    /** Writes down what was done; nothing when nothing was. */
    Patch finish(Map<String, Status.Given> given) throws Denial {
        if (!changed) {
            return patch.build();
        }
        if (!addedContainers.isEmpty()
                && pod.containers().size() == 1
                && !pod.annotations().containsKey(Annotations.DEFAULT_CONTAINER)) {
            putAnnotation(
                    Annotations.DEFAULT_CONTAINER, pod.containers().getFirst().name());
        }
        if (!emptyDirs.isEmpty()) {
            mergeSafeToEvict();
        }
        status.profiles.putAll(given);
        patch.ensureMap(ANNOTATIONS);
        noteCreated();
        String text = status.toJson();
        patch.put(ANNOTATIONS, Annotations.STATUS, TextNode.valueOf(text));
        checkSize(annotationsAdded + Annotations.STATUS.length() + text.length());
        return patch.build();
    }

    private void mergeSafeToEvict() {
        String present = pod.annotations().getOrDefault(Annotations.SAFE_TO_EVICT, "");
        Set<String> known = java.util.Arrays.stream(present.split(",", -1))
                .map(String::strip)
                .collect(Collectors.toSet());
        String added = emptyDirs.stream().filter(name -> !known.contains(name)).collect(Collectors.joining(","));
        if (added.isEmpty()) {
            return;
        }
        status.safeToEvict.addAll(
                emptyDirs.stream().filter(name -> !known.contains(name)).toList());
        String merged = present.isBlank() ? added : present + "," + added;
        if (pod.annotations().containsKey(Annotations.SAFE_TO_EVICT)) {
            patch.put(ANNOTATIONS, Annotations.SAFE_TO_EVICT, TextNode.valueOf(merged));
            annotationsAdded += added.length() + 1;
        } else {
            putAnnotation(Annotations.SAFE_TO_EVICT, merged);
        }
    }

    /** Kubernetes' limit for all annotations of an object together is 256 KiB (ValidateAnnotations). */
    private void checkSize(int added) throws Denial {
        int present = pod.annotations().entrySet().stream()
                .mapToInt(annotation ->
                        annotation.getKey().length() + annotation.getValue().length())
                .sum();
        if (present + added > 256 * 1024) {
            throw new Denial(
                    Code.ANNOTATIONS_TOO_LARGE,
                    "the Pod's annotations would have " + (present + added) / 1024
                            + " KiB with what is injected; Kubernetes allows 256 KiB");
        }
    }

    private void noteCreated() {
        patch.created().forEach((pointer, before) -> {
            String place = place(pointer);
            switch (before) {
                case ABSENT -> status.absent.add(place);
                case NULL -> status.nulls.add(place);
            }
        });
    }

    /** Containers by their names, since their indices change. */
    private String place(Pointer pointer) {
        List<String> steps = pointer.steps();
        if (steps.size() == 4) {
            int index = Integer.parseInt(steps.get(2));
            ContainerList list = steps.get(1).equals(ContainerList.CONTAINERS.field())
                    ? ContainerList.CONTAINERS
                    : ContainerList.INIT_CONTAINERS;
            return steps.get(1) + "." + pod.list(list).get(index).name() + "." + steps.get(3);
        }
        return String.join(".", steps);
    }

    private void append(Container container, String field, JsonNode value) {
        patch.append(
                SPEC.child(container.list().field()).child(container.index()).child(field), value);
        changed = true;
    }

    private void putAnnotation(String name, String value) {
        patch.put(ANNOTATIONS, name, TextNode.valueOf(value));
        status.annotations.add(name);
        annotationsAdded += name.length() + value.length();
        changed = true;
    }

    private boolean mayAdd(String name, String value, Map<String, String> present, Set<String> listed, String kind) {
        if (!present.containsKey(name)) {
            return claimed.add(kind + " " + name);
        }
        if (!value.equals(present.get(name)) && !listed.contains(name)) {
            keep(Code.METADATA_KEPT, "the Pod keeps its own " + kind + " " + name);
        }
        return false;
    }

    private void keep(Code code, String message) {
        warnings.add(new Reason(code, message));
    }

    private static boolean hasElement(JsonNode list, JsonNode wanted) {
        for (JsonNode element : list) {
            if (Presence.holds(wanted, element)) {
                return true;
            }
        }
        return false;
    }

    private static boolean listed(Map<String, Set<String>> listed, Container container, String name) {
        return listed.getOrDefault(container.name(), Set.of()).contains(name);
    }

    /** A container's place in the order; one of the Pod's own has no companion. */
    private record Slot(
            int order, @org.jspecify.annotations.Nullable Companion companion) {

        private static final Comparator<Companion> TIES = Companion.ORDER;

        /** Before the first that comes later; what comes after the Pod's own goes after the last that comes earlier. */
        int placeIn(List<Slot> slots) {
            if (order < ContainerTemplate.OWN_ORDER) {
                int index = 0;
                while (index < slots.size() && slots.get(index).isBefore(this)) {
                    index++;
                }
                return index;
            }
            int index = slots.size();
            while (index > 0 && !slots.get(index - 1).isBefore(this)) {
                index--;
            }
            return index;
        }

        private boolean isBefore(Slot other) {
            if (order != other.order || companion == null || other.companion == null) {
                return order < other.order || (order == other.order && companion == null);
            }
            return TIES.compare(companion, other.companion) < 0;
        }
    }
}
