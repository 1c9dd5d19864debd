package dev.pillion.cluster.watch;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits until a watch has delivered a change. */
final class Waiting {

    private Waiting() {}

    static void waitUntil(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }
}
