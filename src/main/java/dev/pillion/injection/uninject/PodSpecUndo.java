package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.apply.PodSpecEdits;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.PodSpecPlace;
import dev.pillion.injection.plan.PodSpecPlace.Rule;
import dev.pillion.injection.plan.SpecValue;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Restores the fields of the Pod's spec. A value that someone has changed since the injection stays.
 */
final class PodSpecUndo {

    private final UndoEdit edit;
    private final Status status;
    private final Removable removable;

    PodSpecUndo(UndoEdit edit, Removable removable) {
        this.edit = edit;
        this.status = edit.status();
        this.removable = removable;
    }

    void restore() {
        for (PodSpecPlace place : PodSpecPlace.ALL) {
            switch (place.rule()) {
                case Rule.IfAbsent(var _, List<String> derived) -> restoreField(place, derived);
                case Rule.Longer _ -> restoreField(place, List.of());
                case Rule.Entries _ -> restoreEntries(place);
                case Rule.Elements rule -> removeElements(place.pointer(), place, rule.keyField());
                case Rule.NodeRequirements _ -> removeRequirements(place);
            }
        }
        for (Pointer map : PodSpecPlace.MAPS) {
            edit.removeFields(map, Set.of(), PodSpecEdits.placeOf(map));
        }
    }

    private void restoreField(PodSpecPlace place, List<String> derived) {
        Pointer pointer = place.pointer();
        recordLaterChange(pointer, place.name());
        if (isAsAdded(pointer) && isRemoved(pointer, place.name(), removable.podField(place.field(), "", ""))) {
            restore(pointer);
            for (String each : derived) {
                Pointer field = PodSpecPlace.spec(each);
                // The API server computed the current value from the added field.
                if (!edit.at(field).isMissingNode()) {
                    restore(field);
                }
            }
        }
    }

    private void restoreEntries(PodSpecPlace place) {
        List<String> names = new ArrayList<>();
        edit.at(place.pointer()).fieldNames().forEachRemaining(names::add);
        Set<String> removed = new LinkedHashSet<>();
        for (String name : names) {
            Pointer pointer = place.pointer().child(name);
            recordLaterChange(pointer, place.name() + " " + name);
            if (isAsAdded(pointer) && isRemoved(pointer, place.name() + " " + name, removable.nodeLabel(name))) {
                if (before(pointer).isPresent()) {
                    restore(pointer);
                } else {
                    removed.add(name);
                }
            }
        }
        edit.removeFields(place.pointer(), removed, PodSpecEdits.placeOf(place.pointer()));
    }

    private void recordLaterChange(Pointer pointer, String name) {
        JsonNode present = edit.at(pointer);
        if (status.podFields().containsKey(pointer.toString())
                && !present.isMissingNode()
                && !present.isNull()
                && !isAsAdded(pointer)) {
            edit.changes().keep(name);
        }
    }

    private boolean isAsAdded(Pointer pointer) {
        JsonNode record = status.podFields().get(pointer.toString());
        return record != null && isAsAdded(record, edit.at(pointer));
    }

    private static boolean isAsAdded(JsonNode record, JsonNode present) {
        return !present.isMissingNode() && SpecValue.same(record.path("value"), present);
    }

    private boolean isRemoved(Pointer pointer, String name, Optional<String> reason) {
        return edit.removes(name, reason, () -> edit.left()
                .podFields
                .put(pointer.toString(), status.podFields().get(pointer.toString())));
    }

    private Optional<JsonNode> before(Pointer pointer) {
        JsonNode record = status.podFields().get(pointer.toString());
        return record == null ? Optional.empty() : Optional.ofNullable(record.get("before"));
    }

    private void restore(Pointer pointer) {
        before(pointer).ifPresentOrElse(value -> edit.replace(pointer, value), () -> edit.remove(pointer));
    }

    private void removeElements(Pointer list, PodSpecPlace place, String keyField) {
        DistinctValues listed = listed(status, list.toString());
        List<Integer> indices = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        JsonNode present = edit.at(list);
        if (listed.isEmpty()) {
            return;
        }
        for (int index = 0; index < present.size(); index++) {
            JsonNode element = SpecValue.of(present.get(index));
            String key = keyField.isEmpty() ? "" : element.path(keyField).asText("");
            if (!listed.remove(element)) {
                others.add(element);
            } else if (edit.removes(
                    place.name() + " " + element,
                    removable.podField(place.field(), keyField, key),
                    () -> StatusBuilder.list(edit.left().podElements, list.toString(), element))) {
                indices.add(index);
            }
        }
        EditedElements.ofPod(place.name()).report(listed.elements(), others, edit.changes());
        if (!indices.isEmpty()) {
            edit.removeElements(list, indices, PodSpecEdits.placeOf(list));
        }
    }

    private void removeRequirements(PodSpecPlace place) {
        List<Integer> empty = new ArrayList<>();
        for (int index = 0; index < edit.at(place.pointer()).size(); index++) {
            Pointer term = place.pointer().child(index);
            for (String field : PodSpecPlace.TERM_FIELDS) {
                removeElements(term.child(field), place, "");
            }
            if (edit.at(term).isEmpty() && status.absent().contains(PodSpecEdits.placeOf(term))) {
                empty.add(index);
            }
        }
        if (!empty.isEmpty()) {
            edit.removeElements(place.pointer(), empty, PodSpecEdits.placeOf(place.pointer()));
        }
    }

    /** Whether the Pod still has an addition that the earlier status lists and the later one does not. */
    static boolean losesAny(Status earlier, Status now, Pod pod) {
        for (Map.Entry<String, JsonNode> field : earlier.podFields().entrySet()) {
            if (field.getKey().startsWith("/spec/")
                    && !now.podFields().containsKey(field.getKey())
                    && isAsAdded(field.getValue(), pod.tree().at(field.getKey()))) {
                return true;
            }
        }
        for (String list : earlier.podElements().keySet()) {
            DistinctValues lost = listed(earlier, list);
            lost.removeAll(listed(now, list));
            if (!lost.isEmpty() && list.startsWith("/spec/")) {
                for (JsonNode element : pod.tree().at(list)) {
                    if (lost.contains(SpecValue.of(element))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static DistinctValues listed(Status status, String list) {
        return DistinctValues.of(status.podElements().getOrDefault(list, Set.of()));
    }
}
