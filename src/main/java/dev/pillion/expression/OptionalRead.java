package dev.pillion.expression;

/**
 * A field that an expression reads, that may be absent, and whose presence it does not test.
 *
 * @param path for example {@code app.env}
 * @param suggestion the same read for a Pod with and without the field, for example {@code app.?env.orValue([])}
 */
public record OptionalRead(String path, String suggestion) {

    /** The end of a sentence about an expression. */
    @Override
    public String toString() {
        return path + " may be absent, and then there is no value; write " + suggestion
                + (path.contains("[") ? "" : ", or test has(" + path + ")");
    }
}
