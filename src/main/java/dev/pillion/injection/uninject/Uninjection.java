package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.patch.Patch;
import java.util.List;

/**
 * A Pod without the additions of an injection.
 *
 * @param patch the removals, as operations on the injected Pod; empty when nothing is removed
 * @param pod the tree that the patch results in
 * @param kept additions that are not removed; the status still lists them
 * @param edits a sentence for each addition that someone has changed since the injection
 * @param changes the parts of additions that someone has changed since the injection
 */
public record Uninjection(Patch patch, JsonNode pod, List<Kept> kept, List<String> edits, List<Change> changes) {

    /**
     * A part of an addition that someone has changed or removed.
     *
     * @param owner as in the hashes of the status, for example {@code initContainers.log-tailer}
     * @param part as in the hashes of the status, for example {@code image} or {@code env.MODE}
     */
    public record Change(String owner, String part) {

        @Override
        public String toString() {
            return AddedParts.partInWords(part) + " of " + AddedParts.ownerInWords(owner);
        }
    }

    /**
     * An addition that is not removed.
     *
     * @param addition as {@code volume pillion-var-log-app}
     * @param reason as {@code container late still mounts it}
     */
    public record Kept(String addition, String reason) {

        @Override
        public String toString() {
            return addition + " is kept: " + reason;
        }
    }

    public Uninjection {
        kept = List.copyOf(kept);
        edits = List.copyOf(edits);
        changes = List.copyOf(changes);
    }

    /** Whether all additions are removed. */
    public boolean isComplete() {
        return kept.isEmpty();
    }
}
