package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Removes fields from bytes. {@link MutatedReviewsTest} compares the result with Jackson. */
class UnreadFieldsTest {

    private static final String REVIEW = """
            {"kind": "R", "request" : {"userInfo": %s, "dryRun": false, "object": {"metadata": {"name": "a", "managedFields": %s }, "spec": {} }}}""";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[ ]",
                "\"a\\\"b\\\\\"",
                "0",
                "[true, false, null, 12]",
                "{\"f:a\": {\"k:{\\\"b\\\":1}\": {}}, \"}\" :\n\t[\"]\"]}"
            })
    void removesBothFields(String value) {
        assertThat(removed(REVIEW.formatted(value, value))).isEqualTo(REVIEW.formatted("null", "null"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nul",
                "01",
                "-",
                "1.5",
                "{\"a\" 1}",
                "{a: 1}",
                "[1,]",
                "\"\\x\"",
                "\"\\u00e9\"",
                "\"é\"",
                "\"\n\""
            })
    void removesNothingIfAFieldHasAnotherForm(String value) {
        assertThat(removed(REVIEW.formatted("{}", value))).isEqualTo(REVIEW.formatted("null", value));
        assertThat(removed(REVIEW.formatted(value, "{}"))).isEqualTo(REVIEW.formatted(value, "{}"));
    }

    @Test
    void keepsFieldsWithTheSameNamesElsewhere() {
        String review = "{\"userInfo\": {}, \"managedFields\": [], \"request\": {\"managedFields\": [], \"oldObject\":"
                + " {\"metadata\": {\"managedFields\": []}}, \"object\": {\"metadata\": {\"labels\": {\"userInfo\": \"a\"}}}}}";

        assertThat(removed(review)).isEqualTo(review);
    }

    @Test
    void removesNothingFromDeepNesting() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(removed(REVIEW.formatted(deep, "{}"))).isEqualTo(REVIEW.formatted(deep, "{}"));
    }

    @Test
    void acceptsATruncatedReview() {
        String review = REVIEW.formatted("{\"a\": [true, 1, \"\\\"\"]}", "[{\"b\": null}]");

        for (int end = 0; end <= review.length(); end++) {
            assertThat(removed(review.substring(0, end))).hasSizeLessThanOrEqualTo(end);
        }
    }

    private static String removed(String review) {
        return new String(UnreadFields.removed(review.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
