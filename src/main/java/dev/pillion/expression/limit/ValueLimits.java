package dev.pillion.expression.limit;

/** The size of the values that one evaluation handles. */
public final class ValueLimits {

    /** In characters and elements. No annotation, and so no file of a profile, has more than 256 KiB. */
    public static final int MAX_SIZE = 256 * 1024;

    private ValueLimits() {}

    /** For a value that is larger than a result is allowed to be. */
    public static LimitExceededException tooLarge() {
        return new LimitExceededException("a value has more than " + MAX_SIZE + " characters or elements");
    }
}
