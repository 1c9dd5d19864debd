package dev.pillion.expression;

/**
 * An optional field that an expression reads without a test of its presence.
 *
 * @param path for example {@code app.env}
 * @param suggestion an expression for Pods with and without the field, for example {@code app.?env.orValue([])}
 */
public record OptionalRead(String path, String suggestion) {

    /** The end of a sentence about an expression. */
    @Override
    public String toString() {
        return path + " may be absent, and then there is no value; write " + suggestion
                + (path.contains("[") ? "" : ", or test has(" + path + ")");
    }
}
