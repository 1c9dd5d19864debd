package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClosingRateTest {

    private long now = 1;

    @Test
    void allowsAFewPerSecond() {
        ClosingRate rate = new ClosingRate(() -> now);

        assertThat(allowed(rate, 1_000)).isEqualTo(ClosingRate.PER_SECOND);
        now += Duration.ofMillis(999).toNanos();
        assertThat(rate.tryAcquire()).isFalse();
        now += Duration.ofMillis(1).toNanos();
        assertThat(allowed(rate, 1_000)).isEqualTo(ClosingRate.PER_SECOND);
    }

    @Test
    void savesNothingForLater() {
        ClosingRate rate = new ClosingRate(() -> now);

        now += Duration.ofHours(1).toNanos();

        assertThat(allowed(rate, 1_000)).isEqualTo(ClosingRate.PER_SECOND);
    }

    private static long allowed(ClosingRate rate, int attempts) {
        return IntStream.range(0, attempts).filter(attempt -> rate.tryAcquire()).count();
    }
}
