package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlineTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            timeout=5s            | 4700
            timeout=500ms         | 450
            timeout=1m30s         | 29700
            timeout=1.5s          | 1350
            a=b&timeout=2s&c=d    | 1800
            none                  | 9700
            ''                    | 9700
            timeout               | 9700
            timeout=              | 9700
            timeout=soon          | 9700
            timeout=5             | 9700
            timeout=0s            | 9700
            timeout=-5s           | 9700
            timeout=5s5           | 9700
            timeout=9999999999h   | 9700
            timeout=%35s          | 9700
            xtimeout=5s           | 9700
            """)
    void isTheTimeoutOfTheApiServerWithoutTheTransmission(String query, long milliseconds) {
        assertThat(new Deadline(1_000).nanoTime()).isEqualTo(1_000);
        assertThat(Deadline.of(query, 1_000).nanoTime())
                .isEqualTo(1_000 + Duration.ofMillis(milliseconds).toNanos());
    }

    @ParameterizedTest
    @CsvSource({
        "5s, 5000000000",
        "1h2m3.5s, 3723500000000",
        "500ms, 500000000",
        "10us, 10000",
        "10µs, 10000",
        "7ns, 7",
        "0s, 0",
        "1.5h, 5400000000000"
    })
    void readsDurationsOfGo(String text, long nanoseconds) {
        assertThat(GoDuration.parse(text)).contains(Duration.ofNanos(nanoseconds));
    }

    @ParameterizedTest
    @CsvSource({"5", "s", "-1s", "+1s", "1 s", "'1s '", "1d", ".s", "999999999999h", "1s1", "''"})
    void rejectsOtherTexts(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @Test
    void rejectsATextThatIsTooLong() {
        assertThat(GoDuration.parse("1s".repeat(100_000))).isEmpty();
    }
}
