package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencesTest {

    @Test
    void areJoinedWhileTheyFit() {
        assertThat(Sentences.join(List.of("one", "two"))).isEqualTo("one; two");
        assertThat(Sentences.join(List.of())).isEmpty();
    }

    @Test
    void areCountedInsteadOfCutIfTheyDoNotFitIntoAnEvent() {
        for (int count = 1; count < 50; count++) {
            for (int length = 1; length < 900; length += 37) {
                String sentence = "x".repeat(length);

                String joined = Sentences.join(Collections.nCopies(count, sentence));

                List<String> parts = List.of(joined.split("; "));
                long whole = parts.stream().filter(sentence::equals).count();
                assertThat(joined).hasSizeLessThanOrEqualTo(960);
                if (whole < count) {
                    assertThat(parts.getLast()).isEqualTo("and " + (count - whole) + " more");
                }
                assertThat(whole).isPositive();
            }
        }
    }

    @Test
    void alwaysIncludeTheFirst() {
        assertThat(Sentences.join(List.of("x".repeat(2_000), "two"))).isEqualTo("x".repeat(2_000) + "; and 1 more");
    }
}
