package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.apply.AdditionHash;
import dev.pillion.injection.apply.PodEdit;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.patch.Pointer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes labels, annotations and the status from the Pod's metadata, after the additions to the spec are removed. */
final class MetadataUndo {

    private static final Pointer METADATA = Pointer.of("metadata");
    private static final Pointer LABELS = METADATA.child("labels");
    private static final Pointer ANNOTATIONS = METADATA.child("annotations");

    private final UndoEdit edit;
    private final Status status;
    private final Removable removable;

    MetadataUndo(UndoEdit edit, Removable removable) {
        this.edit = edit;
        this.status = edit.status();
        this.removable = removable;
    }

    /** @param options whether to restore annotations that options of the command line replaced */
    void restore(boolean options) {
        Set<String> labels = new LinkedHashSet<>();
        for (Map.Entry<String, String> label : edit.pod().labels().entrySet()) {
            String name = label.getKey();
            if (status.labels().contains(name)
                    && edit.removes("label " + name, removable.label(name), () -> edit.left()
                            .labels
                            .add(name))) {
                labels.add(name);
                edit.changes()
                        .compare(AddedParts.METADATA, AddedParts.label(name), AdditionHash.ofText(label.getValue()));
            }
        }
        edit.removeFields(LABELS, labels, "metadata.labels");
        Set<String> annotations = annotations();
        restoreSafeToEvict(annotations);
        if (options) {
            restoreOptions(annotations);
        } else {
            edit.left().options.putAll(status.options());
        }
        if (edit.finishStatus()) {
            annotations.add(Annotations.STATUS);
        }
        edit.removeFields(ANNOTATIONS, annotations, "metadata.annotations");
        edit.removeFields(METADATA, Set.of(), "metadata");
    }

    private Set<String> annotations() {
        Set<String> removed = new LinkedHashSet<>();
        Set<String> shownAsFiles = shownAsFiles();
        for (Map.Entry<String, String> annotation : edit.pod().annotations().entrySet()) {
            String name = annotation.getKey();
            if (!status.annotations().contains(name)
                    || name.equals(Annotations.SAFE_TO_EVICT)
                    || name.equals(Annotations.STATUS)
                    || name.equals(Annotations.DEFAULT_CONTAINER) && isChangedLater()) {
                continue;
            }
            if (shownAsFiles.contains("metadata.annotations['" + name + "']")) {
                edit.left().annotations.add(name);
            } else if (edit.removes("annotation " + name, removable.annotation(name), () -> edit.left()
                    .annotations
                    .add(name))) {
                removed.add(name);
                edit.changes()
                        .compare(
                                AddedParts.METADATA,
                                AddedParts.annotation(name),
                                AdditionHash.ofText(annotation.getValue()));
            }
        }
        return removed;
    }

    private void restoreOptions(Set<String> removed) {
        status.options().forEach((name, before) -> {
            if (!Annotations.isRequest(name) || !edit.pod().annotations().containsKey(name)) {
                return;
            }
            if (before == null) {
                removed.add(name);
            } else {
                edit.replace(ANNOTATIONS.child(name), before);
            }
        });
    }

    /** Whether the annotation names another container than the first, so that someone has changed it since the injection. */
    private boolean isChangedLater() {
        String chosen = edit.pod().annotations().getOrDefault(Annotations.DEFAULT_CONTAINER, "");
        JsonNode containers = edit.at(Pointer.of("spec", "containers"));
        return containers
                .valueStream()
                .skip(1)
                .anyMatch(container -> container.path("name").asText().equals(chosen));
    }

    /** The annotations that remaining volumes show as files. They are kept. */
    private Set<String> shownAsFiles() {
        Set<String> fields = new HashSet<>();
        edit.at(Pointer.of("spec", "volumes")).forEach(volume -> volume.path("downwardAPI")
                .path("items")
                .forEach(item ->
                        fields.add(item.path("fieldRef").path("fieldPath").asText())));
        return fields;
    }

    /** Removes the names of injected volumes from the list. Other entries stay as they are. */
    private void restoreSafeToEvict(Set<String> removed) {
        String present = edit.pod().annotations().get(Annotations.SAFE_TO_EVICT);
        if (present == null) {
            return;
        }
        if (!removable.isAnything()) {
            edit.left().safeToEvict.addAll(status.safeToEvict());
            PodEdit.keepListed(status.annotations(), edit.left().annotations, Annotations.SAFE_TO_EVICT);
            return;
        }
        Set<String> volumes = new HashSet<>();
        edit.at(Pointer.of("spec", "volumes"))
                .forEach(volume -> volumes.add(volume.path("name").asText()));
        String others = Arrays.stream(present.split(",", -1))
                .filter(name -> volumes.contains(name)
                        || !status.safeToEvict().contains(name)
                        || !status.volumes().contains(name))
                .collect(Collectors.joining(","));
        status.safeToEvict().stream().filter(volumes::contains).forEach(edit.left().safeToEvict::add);
        if (others.isEmpty() && status.annotations().contains(Annotations.SAFE_TO_EVICT)) {
            removed.add(Annotations.SAFE_TO_EVICT);
        } else {
            PodEdit.keepListed(status.annotations(), edit.left().annotations, Annotations.SAFE_TO_EVICT);
            if (!others.equals(present)) {
                edit.replace(ANNOTATIONS.child(Annotations.SAFE_TO_EVICT), others);
            }
        }
    }
}
