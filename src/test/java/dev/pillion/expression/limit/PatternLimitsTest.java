package dev.pillion.expression.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternLimitsTest {

    /** Patterns with parts between two repetitions for which RE2 makes no instructions. Each would have a million instructions or more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1000}(?i){1000}",
                "a{1000}(?i){100}(?i){100}",
                "a{1000}(?s-m){20}(?U){20}(?i){20}",
                "(a{1000})(?i){1000}",
                "((a{100})(?i){100}){100}",
                "a{1000}\\Q\\E{1000}",
                "(?:a{1000})\\Q\\E(?i)\\Q\\E{1000}",
                "a{1000}*(?i){1000}",
                "a{1000}?(?i){1000}",
                "(a{1000})+(?-s){1000}",
                "((a{1000}){1000}){1000}",
            })
    void boundRepetitionsOfRepetitions(String pattern) {
        assertThatThrownBy(() -> PatternLimits.compile(pattern))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageMatching("(?s).*(more than 2000 instructions|invalid nested repetition operator).*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1000}",
                "(?i)a{500}b{500}",
                "a{1000}(?i)b{900}",
                "\\Q{1000}\\E{100}",
                "a{,5}{b}{",
                "(?P<name>[a-z]{1,63})(\\.[a-z]{1,63}){0,3}",
                "(?i:[a-z]{2}){3}",
                "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
            })
    void leaveOtherPatterns(String pattern) {
        assertThat(PatternLimits.compile(pattern).pattern()).isEqualTo(pattern);
    }

    /** RE2/J would examine each character of such a range. */
    @ParameterizedTest
    @ValueSource(
            strings = {"(?i)[a-\\x{20000}A-\\x{1E000}]", "a(?s)(?mi:[^\\x00-\uFFFF])", "(?i-s)[\\001-\uD83D\uDE00]"})
    @Timeout(10)
    void boundRangesOfBothCases(String pattern) {
        assertThatThrownBy(() -> PatternLimits.compile(pattern.replace("]", "\\x{1}-\\x{10FFFF}".repeat(30) + "]")))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("with (?i) a class has ranges of ASCII characters only");
    }

    @Test
    @Timeout(10)
    void leaveClassesThatTablesHave() {
        assertThat(PatternLimits.compile("(?i)([\\pL\\pN]\\PS[a-z0-9-]){200}").programSize())
                .isLessThan(2_000);
        assertThat(PatternLimits.compile("[\\x{1}-\\x{10FFFF}]{900}").programSize())
                .isLessThan(2_000);
    }
}
