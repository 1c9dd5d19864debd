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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One Pod while additions are removed from it: the operations so far, what is kept, and the status of what is kept. */
final class UndoEdit {

    private static final Pointer STATUS = Pointer.of("metadata", "annotations", Annotations.STATUS);

    /** The maps that hold annotations of the request, which stay when the request is to be injected anew. */
    private static final List<String> METADATA = List.of("metadata", "metadata.annotations");

    private final Pod pod;
    private final Status status;
    private final RemovalBuilder removals;
    private final StatusBuilder left = new StatusBuilder();
    private final List<Uninjection.Kept> kept = new ArrayList<>();

    /** By owner, the additions that someone has changed since. */
    private final Map<String, Set<String>> edited = new LinkedHashMap<>();

    private final List<String> stays = new ArrayList<>();

    /** Lists and maps that are again as they were before the injection. */
    private final Set<String> restored = new HashSet<>();

    UndoEdit(Pod pod, Status status) {
        this.pod = pod;
        this.status = status;
        this.removals = new RemovalBuilder(pod.tree());
    }

    Pod pod() {
        return pod;
    }

    /** What was injected. */
    Status status() {
        return status;
    }

    /** What is kept of it. */
    StatusBuilder left() {
        return left;
    }

    /** What the tree has at a place by now. */
    JsonNode at(Pointer place) {
        return place.in(removals.document());
    }

    /**
     * Whether an addition is removed. One that is kept is noted down.
     *
     * @param obstacle why it is kept; empty when it is removed
     * @param list adds it to the status of what is kept
     */
    boolean removes(String addition, Optional<String> obstacle, Runnable list) {
        obstacle.ifPresent(reason -> {
            keep(addition, reason);
            list.run();
        });
        return obstacle.isEmpty();
    }

    void keep(String addition, String reason) {
        keep(new Uninjection.Kept(addition, reason));
    }

    void keep(Uninjection.Kept addition) {
        kept.add(addition);
    }

    /** Notes whether someone has changed an addition that is removed. */
    void compare(String owner, String part, String hash) {
        String then = status.hashes().getOrDefault(owner, Map.of()).get(part);
        if (then != null && !then.equals(hash)) {
            noteEdit(owner, part);
        }
    }

    /** Notes the fields of a container that is removed that someone has changed, added or removed. */
    void compare(String owner, Map<String, String> hashes) {
        Map<String, String> then = status.hashes().getOrDefault(owner, hashes);
        Set<String> fields = new LinkedHashSet<>(then.keySet());
        fields.addAll(hashes.keySet());
        fields.stream()
                .filter(field -> !Objects.equals(then.get(field), hashes.get(field)))
                .forEach(field -> noteEdit(owner, field));
    }

    private void noteEdit(String owner, String part) {
        edited.computeIfAbsent(owner, key -> new LinkedHashSet<>()).add(part);
    }

    /** Notes that someone has changed an addition, which is theirs now. */
    void noteStaying(String field) {
        stays.add(field + " was changed after it was injected, so it stays as it is");
    }

    private List<String> edits() {
        List<String> sentences = new ArrayList<>();
        edited.forEach((owner, parts) ->
                sentences.add(String.join(", ", parts) + " of " + owner + (parts.size() == 1 ? " was" : " were")
                        + " changed after the injection, and the change is removed too"));
        sentences.addAll(stays);
        return sentences;
    }

    /** Removes elements of a list, by ascending index. A list that Pillion made and that is empty again becomes what it was before. */
    void removeElements(Pointer list, List<Integer> indices, String place) {
        if (at(list).isArray() && at(list).size() == indices.size() && restores(list, place)) {
            return;
        }
        removals.removeElements(list, indices);
    }

    /** Removes fields of a map. A map that Pillion made and that is empty again becomes what it was before. */
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

    /** Whether the status is removed, because nothing that it lists is left. Otherwise it is rewritten for what is left. */
    boolean finishStatus() {
        if (kept.isEmpty()) {
            if (left.options.isEmpty()) {
                return true;
            }
            // Another list that is not empty has become the app's own since.
            noteUnrestored(METADATA);
        } else {
            left.profiles.putAll(status.profiles());
            noteUnrestored(status.absent());
            noteUnrestored(status.nulls());
        }
        if (!removals.isEmpty() || kept.isEmpty()) {
            replace(STATUS, left.build().toJson());
        }
        return false;
    }

    private void noteUnrestored(Collection<String> places) {
        for (String place : places) {
            if (!restored.contains(place)) {
                PodEdit.keepListed(status.absent(), left.absent, place);
                PodEdit.keepListed(status.nulls(), left.nulls, place);
            }
        }
    }

    Uninjection build() {
        Patch patch = removals.build();
        return new Uninjection(patch, removals.document(), kept, edits());
    }
}
