package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TermsTest {

    @Test
    void areValidIfEachLifetimeIsLongEnough() {
        assertThat(terms("P365D", "P90D", "PT1H").problem()).isEmpty();
        assertThat(terms("PT60S", "PT20S", "PT5S").problem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            P365D | P180D | PT1H | the lifetime of a certificate is 4320h, but must be at most 2920h, a third of its authority's lifetime
            P365D | P90D  | P30D | the overlap is 720h, but must be more than zero and at most 540h, a quarter of a certificate's lifetime
            P365D | P90D  | PT0S | the overlap is 0s, but must be more than zero and at most 540h, a quarter of a certificate's lifetime
            P365D | PT5S  | PT1S | the lifetime of a certificate is 5s, but must be at least 10s
            """)
    void areRejectedIfARotationWouldBeInterrupted(
            String authority, String certificate, String overlap, String problem) {
        assertThat(terms(authority, certificate, overlap).problem()).contains(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"under_score", "1.2.3", "Upper.example.com", "", "-a"})
    void areRejectedWithAnInvalidName(String name) {
        Terms terms = new Terms(
                Duration.ofDays(365), Duration.ofDays(90), Duration.ofHours(1), List.of("pillion.pillion.svc", name));

        assertThat(terms.problem()).contains("'" + name + "' is neither a DNS name nor an IP address");
    }

    private static Terms terms(String authority, String certificate, String overlap) {
        return new Terms(
                Duration.parse(authority), Duration.parse(certificate), Duration.parse(overlap), List.of("pillion"));
    }
}
