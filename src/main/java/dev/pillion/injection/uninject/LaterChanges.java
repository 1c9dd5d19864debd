package dev.pillion.injection.uninject;

import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.apply.AdditionHash;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Collects the changes that others have made to additions since the injection. The hashes in the status show them. */
final class LaterChanges {

    private final Map<String, Map<String, String>> hashes;

    /** By owner, the parts that someone has changed, both in words. */
    private final Map<String, Set<String>> changed = new LinkedHashMap<>();

    private final List<Uninjection.Change> changes = new ArrayList<>();

    private final List<String> kept = new ArrayList<>();

    /** @param hashes of the status */
    LaterChanges(Map<String, Map<String, String>> hashes) {
        this.hashes = hashes;
    }

    /** Compares an addition that is removed with its hash. */
    void compare(String owner, String part, String hash) {
        String then = hashes.getOrDefault(owner, Map.of()).get(part);
        if (then != null && !then.equals(hash)) {
            add(owner, part);
        }
    }

    /** Compares a container that is removed with the hashes of its fields. What Kubernetes itself adds to a container is no change. */
    void compare(Container container, AdmissionAdditions additions) {
        String owner = AddedParts.container(container);
        Map<String, String> now = AdditionHash.ofContainer(container.tree());
        Map<String, String> then = hashes.getOrDefault(owner, now);
        Set<String> fields = new LinkedHashSet<>(then.keySet());
        fields.addAll(now.keySet());
        fields.stream()
                .filter(field -> !Objects.equals(then.get(field), now.get(field)))
                .filter(field -> !additions.explain(container, field, Optional.ofNullable(then.get(field))))
                .forEach(field -> add(owner, field));
    }

    private void add(String owner, String part) {
        changes.add(new Uninjection.Change(owner, part));
        changed.computeIfAbsent(AddedParts.ownerInWords(owner), key -> new LinkedHashSet<>())
                .add(AddedParts.partInWords(part));
    }

    /** Adds a field that was changed and is therefore kept. */
    void keep(String field) {
        kept.add(field + " was changed after it was injected, so it stays as it is");
    }

    /** Adds an element of a list that was changed so much that it cannot be identified, or removed. */
    void miss(String element) {
        kept.add(element
                + " is missing: it was changed or removed after it was injected; if it was changed, remove it by hand");
    }

    List<Uninjection.Change> changes() {
        return changes;
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        changed.forEach((owner, parts) ->
                sentences.add(String.join(", ", parts) + " of " + owner + (parts.size() == 1 ? " was" : " were")
                        + " changed after the injection, and the change is removed too"));
        sentences.addAll(kept);
        return sentences;
    }
}
