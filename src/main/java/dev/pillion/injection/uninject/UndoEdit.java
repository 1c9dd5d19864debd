package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.injection.apply.PodEdit;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.patch.Patch;
import dev.pillion.patch.Pointer;
import dev.pillion.patch.RemovalBuilder;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The removal of additions from one Pod: the operations so far, the additions that are kept, and the new status. */
final class UndoEdit {

    private static final Pointer STATUS = Pointer.of("metadata", "annotations", Annotations.STATUS);

    /** The maps with annotations of the request, which stay when the Pod is injected again. */
    private static final List<String> METADATA = List.of("metadata", "metadata.annotations");

    private final Pod pod;
    private final Status status;
    private final RemovalBuilder removals;
    private final StatusBuilder left = new StatusBuilder();
    private final List<Uninjection.Kept> kept = new ArrayList<>();

    private final LaterChanges changes;

    /** Lists and maps that are restored to absent or null. */
    private final Set<String> restored = new HashSet<>();

    UndoEdit(Pod pod, Status status) {
        this.pod = pod;
        this.status = status;
        this.changes = new LaterChanges(status.hashes());
        this.removals = new RemovalBuilder(pod.tree());
    }

    Pod pod() {
        return pod;
    }

    /** The status that the injection wrote. */
    Status status() {
        return status;
    }

    /** The status of the additions that are kept. */
    StatusBuilder left() {
        return left;
    }

    /** The changes that others have made to additions. */
    LaterChanges changes() {
        return changes;
    }

    /** The current value at a place. */
    JsonNode at(Pointer place) {
        return place.in(removals.document());
    }

    /**
     * Whether an addition is removed. An addition that is kept is recorded.
     *
     * @param reason why the addition is kept; empty when it is removed
     * @param list adds the addition to the new status
     */
    boolean removes(String addition, Optional<String> reason, Runnable list) {
        reason.ifPresent(text -> {
            keep(addition, text);
            list.run();
        });
        return reason.isEmpty();
    }

    void keep(String addition, String reason) {
        keep(new Uninjection.Kept(addition, reason));
    }

    void keep(Uninjection.Kept addition) {
        kept.add(addition);
    }

    /** Removes elements of a list, by ascending index. A list that the injection created and that becomes empty is restored. */
    void removeElements(Pointer list, List<Integer> indices, String place) {
        if (at(list).isArray() && at(list).size() == indices.size() && restores(list, place)) {
            return;
        }
        removals.removeElements(list, indices);
    }

    /** Removes fields of a map. A map that the injection created and that becomes empty is restored. */
    void removeFields(Pointer map, Set<String> names, String place) {
        if (at(map).isObject() && at(map).size() == names.size() && restores(map, place)) {
            return;
        }
        names.forEach(name -> removals.remove(map.child(name)));
    }

    private boolean restores(Pointer pointer, String place) {
        if (status.nulls().contains(place)) {
            removals.replace(pointer, NullNode.getInstance());
        } else if (status.absent().contains(place)) {
            removals.remove(pointer);
        } else {
            return false;
        }
        restored.add(place);
        return true;
    }

    void replace(Pointer field, String text) {
        replace(field, TextNode.valueOf(text));
    }

    void replace(Pointer field, JsonNode value) {
        removals.replace(field, value);
    }

    void remove(Pointer field) {
        removals.remove(field);
    }

    /** Whether the status is removed because all additions are removed. Otherwise it is replaced by that of the remaining additions. */
    boolean finishStatus() {
        if (kept.isEmpty()) {
            if (left.options.isEmpty()) {
                return true;
            }
            // Any other list that is not empty is the app's own now.
            listUnrestored(METADATA);
        } else {
            left.profiles.putAll(status.profiles());
            listUnrestored(status.absent());
            listUnrestored(status.nulls());
        }
        if (!removals.isEmpty() || kept.isEmpty()) {
            replace(STATUS, left.build().toJson());
        }
        return false;
    }

    private void listUnrestored(Collection<String> places) {
        for (String place : places) {
            if (!restored.contains(place)) {
                PodEdit.keepListed(status.absent(), left.absent, place);
                PodEdit.keepListed(status.nulls(), left.nulls, place);
            }
        }
    }

    Uninjection build() {
        Patch patch = removals.build();
        return new Uninjection(patch, removals.document(), kept, changes.sentences(), changes.changes());
    }
}
