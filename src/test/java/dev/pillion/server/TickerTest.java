package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickerTest {

    private static final Duration SHORT = Duration.ofMillis(5);

    private final Ticker ticker = new Ticker("test");
    private final AtomicInteger times = new AtomicInteger();

    @AfterEach
    void stop() {
        ticker.close();
    }

    @Test
    void goesOnAfterAnException() {
        ticker.every(SHORT, "a look", this::fail);

        await().until(() -> times.get() > 2);
    }

    @Test
    void goesOnAfterAnExceptionWhereThePauseChanges() {
        List<Integer> asked = new CopyOnWriteArrayList<>();

        ticker.pausing(
                () -> {
                    asked.add(times.get());
                    return SHORT;
                },
                "a look",
                this::fail);

        await().until(() -> asked.size() > 2);
        assertThat(asked).startsWith(1, 2, 3);
    }

    @Test
    void takesNothingMoreOnceItIsClosed() {
        ticker.close();

        ticker.every(SHORT, "a look", this::fail);
        ticker.pausing(() -> SHORT, "a look", this::fail);

        assertThat(times).hasValue(0);
    }

    private void fail() {
        times.incrementAndGet();
        throw new IllegalStateException("on purpose");
    }
}
