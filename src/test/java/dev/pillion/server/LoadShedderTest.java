package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadShedderTest {

    private static final long MUCH = Runtime.getRuntime().maxMemory();

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final LoadShedder overload = new LoadShedder(vertx, meters);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void admitsOneBodyHoweverLarge() throws Exception {
        assertThat(onLoop(() -> overload.admits(MUCH))).isTrue();
    }

    @Test
    void admitsNoMoreThanTheHeapHoldsUntilThereIsRoomAgain() throws Exception {
        onLoop(() -> overload.admits(MUCH));

        assertThat(onLoop(() -> overload.admits(1))).isFalse();
        assertThat(meters.counter("pillion.requests.shed", "reason", "full").count())
                .isOne();

        overload.release(MUCH);
        assertThat(onLoop(() -> overload.admits(1))).isTrue();
    }

    @Test
    void admitsNothingWhileTheEventLoopIsLate() throws Exception {
        assertThat(onLoop(() -> overload.admits(1))).isTrue();

        boolean admitted = onLoop(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(700));
            return overload.admits(1);
        });

        assertThat(admitted).isFalse();
        assertThat(meters.counter("pillion.requests.shed", "reason", "late").count())
                .isOne();
    }

    @Test
    void admitsAgainWhenTheEventLoopHasCaughtUp() throws Exception {
        onLoop(() -> overload.admits(1));
        onLoop(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(700));
            return null;
        });

        CompletableFuture<Boolean> later = new CompletableFuture<>();
        loop.runOnContext(start -> vertx.setTimer(100, timer -> later.complete(overload.admits(1))));

        assertThat(later.get(10, TimeUnit.SECONDS)).isTrue();
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.runOnContext(start -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }
}
