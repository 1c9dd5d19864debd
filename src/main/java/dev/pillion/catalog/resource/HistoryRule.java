package dev.pillion.catalog.resource;

import java.util.Optional;
import java.util.Set;

/**
 * How the histories of profiles continue in the next catalog.
 *
 * @param leading whether this replica writes the statuses. Otherwise a generation that disappears from the status is dropped, since the
 *     leader has dropped it.
 * @param pinned the generations that annotations pin. Empty if they are not known: then no generation is dropped because of a limit.
 */
public record HistoryRule(boolean leading, Optional<Set<PinnedGeneration>> pinned) {

    /** For a replica that does not write statuses, and for commands. */
    public static final HistoryRule FOLLOWING = new HistoryRule(false, Optional.empty());

    /** For the leader, which does not know what annotations pin. */
    public static final HistoryRule LEADING = new HistoryRule(true, Optional.empty());

    /** For the leader. */
    public static HistoryRule dropUnpinned(Set<PinnedGeneration> pinned) {
        return new HistoryRule(true, Optional.of(pinned));
    }
}
