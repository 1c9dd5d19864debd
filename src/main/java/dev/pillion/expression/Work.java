package dev.pillion.expression;

import org.jspecify.annotations.Nullable;

/**
 * What one evaluation has done so far that its iterations and results do not show: a step may take time in proportion to a text or a list,
 * and each iteration may take such a step. CEL's functions know nothing of the evaluation that they belong to, so it is kept by thread.
 */
final class Work {

    /** Characters and elements that are looked at: about 50 ms. */
    private static final long MOST = 4_000_000;

    private static final ThreadLocal<@Nullable Work> CURRENT = new ThreadLocal<>();

    private final @Nullable Work outer;
    private long done;

    private Work(@Nullable Work outer) {
        this.outer = outer;
    }

    /** Begins to count; {@link #end} must follow. */
    static Work begin() {
        Work work = new Work(CURRENT.get());
        CURRENT.set(work);
        return work;
    }

    void end() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    /**
     * Counts for the evaluation in this thread, if there is one.
     *
     * @throws LimitExceededException when it is too much
     */
    static void add(long more) {
        Work work = CURRENT.get();
        if (work != null) {
            work.done += more;
            if (work.done > MOST) {
                throw new LimitExceededException(
                        "its steps look at more than " + MOST + " characters and elements together");
            }
        }
    }
}
