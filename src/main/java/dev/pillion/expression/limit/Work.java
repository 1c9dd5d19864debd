package dev.pillion.expression.limit;

import org.jspecify.annotations.Nullable;

/**
 * Counts the characters and elements that one evaluation looks at. CEL limits the number of iterations, but each iteration may look at a
 * long text or list. CEL's functions do not know their evaluation, so the count belongs to the thread.
 */
public final class Work {

    /** Characters and elements: about 50 ms. */
    private static final long MAX_WORK = 4_000_000;

    private static final ThreadLocal<@Nullable Work> CURRENT = new ThreadLocal<>();

    private final @Nullable Work outer;
    private long done;

    private Work(@Nullable Work outer) {
        this.outer = outer;
    }

    /** Starts a count. The caller must end it with {@link #end}. */
    public static Work begin() {
        Work work = new Work(CURRENT.get());
        CURRENT.set(work);
        return work;
    }

    public void end() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    /**
     * Adds to the count of this thread's evaluation, if there is one.
     *
     * @param more characters or elements
     * @throws LimitExceededException if the evaluation looks at too many
     */
    public static void add(long more) {
        Work work = CURRENT.get();
        if (work != null) {
            work.done += more;
            if (work.done > MAX_WORK) {
                throw new LimitExceededException(
                        "its steps read more than " + MAX_WORK + " characters and elements together");
            }
        }
    }
}
