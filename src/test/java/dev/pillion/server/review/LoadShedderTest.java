package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadShedderTest {

    private static final long WHOLE_HEAP = Runtime.getRuntime().maxMemory();
    private static final String CLIENT = "10.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final LoadShedder shedder = new LoadShedder(vertx, meters);
    private final List<String> sent = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void hasMemoryForOneBodyOfAnySize() {
        assertThat(shedder.tryAcquire(WHOLE_HEAP)).isTrue();
    }

    @Test
    void hasNoMemoryForAnotherBodyUntilTheFirstIsReleased() {
        shedder.tryAcquire(WHOLE_HEAP);

        assertThat(shedder.tryAcquire(1)).isFalse();

        shedder.release(WHOLE_HEAP);
        assertThat(shedder.tryAcquire(1)).isTrue();
    }

    @Test
    void answersASingleReviewAtOnce() throws Exception {
        onLoop(() -> {
            shedder.queue().add(task(CLIENT, within(5_000), () -> ReviewReply.text(200, "now")));
            return null;
        });

        assertThat(sent).hasSize(1);
    }

    @Test
    void givesOtherConnectionsATurnAfterSomeMilliseconds() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(start -> {
            for (int each = 0; each < 20; each++) {
                shedder.queue().add(task(CLIENT, within(30_000), () -> {
                    park(2);
                    order.add("review");
                    if (order.stream().filter("review"::equals).count() == 20) {
                        done.complete(null);
                    }
                    return ReviewReply.text(200, "");
                }));
            }
            loop.runOnContext(other -> order.add("another connection"));
        });

        done.get(30, TimeUnit.SECONDS);
        assertThat(order.indexOf("another connection")).isBetween(1, 10);
    }

    @Test
    void sendsNoDecisionAfterItsDeadline() throws Exception {
        onLoop(() -> {
            shedder.queue().add(task(CLIENT, within(20), () -> {
                park(50);
                return ReviewReply.text(200, "too late");
            }));
            shedder.queue().add(task(CLIENT, within(-1), () -> {
                throw new AssertionError("it was too late before it began");
            }));
            return null;
        });

        waitForSent(2);
        assertThat(sent).containsOnly("503");
        assertThat(meters.counter("pillion.requests.shed", "reason", "deadline").count())
                .isEqualTo(2);
    }

    @Test
    void doesNotDecideForAClientThatHasDisconnected() throws Exception {
        onLoop(() -> {
            shedder.queue()
                    .add(new ReviewTask(
                            System.nanoTime(),
                            within(5_000),
                            CLIENT,
                            1,
                            () -> true,
                            () -> {
                                throw new AssertionError("the client has disconnected");
                            },
                            answer -> sent.add("" + answer.status()),
                            failure -> sent.add(failure.toString())));
            return null;
        });

        assertThat(sent).containsExactly("503");
    }

    @Test
    void reportsAnInternalError() throws Exception {
        onLoop(() -> {
            shedder.queue().add(task(CLIENT, within(5_000), () -> {
                throw new StackOverflowError("deep");
            }));
            return null;
        });

        assertThat(sent).containsExactly("java.lang.StackOverflowError: deep");
    }

    @Test
    void refusesLargeReviewsThatWouldWaitBehindTooManyOthers() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        try (ReviewWorkers workers = new ReviewWorkers(shedder, "test-worker", 2, 3, 1_000)) {
            for (int each = 0; each < 7; each++) {
                workers.add(task(CLIENT, within(30_000), () -> {
                    await(busy);
                    return ReviewReply.text(200, "");
                }));
            }
            assertThat(sent).containsExactly("503", "503");
            busy.countDown();
            waitForSent(7);
        }

        assertThat(sent.stream().filter("200"::equals)).hasSize(5);
        assertThat(meters.counter("pillion.requests.shed", "reason", "workers").count())
                .isEqualTo(2);
    }

    @Test
    void dropsALargeReviewWhoseDeadlinePassesWhileItWaits() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        try (ReviewWorkers workers = new ReviewWorkers(shedder, "test-worker", 1, 3, 1_000)) {
            workers.add(task(CLIENT, within(30_000), () -> {
                await(busy);
                return ReviewReply.text(200, "");
            }));
            Deadline soon = within(10);
            workers.add(task(CLIENT, soon, () -> {
                throw new AssertionError("too late");
            }));
            while (!soon.isOver(System.nanoTime())) {
                park(1);
            }
            busy.countDown();
            waitForSent(2);
        }

        assertThat(sent).containsExactly("200", "503");
    }

    @Test
    void limitsTheBytesThatWorkersHandleAtATime() throws Exception {
        List<Integer> working = new CopyOnWriteArrayList<>();
        List<Integer> most = new CopyOnWriteArrayList<>();
        try (ReviewWorkers workers = new ReviewWorkers(shedder, "test-worker", 4, 20, 1_000)) {
            for (int each = 0; each < 12; each++) {
                workers.add(new ReviewTask(
                        System.nanoTime(),
                        within(30_000),
                        CLIENT,
                        600,
                        () -> false,
                        () -> {
                            working.add(1);
                            most.add(working.size());
                            park(2);
                            working.removeLast();
                            return ReviewReply.text(200, "");
                        },
                        answer -> sent.add("" + answer.status()),
                        failure -> sent.add(failure.toString())));
            }
            waitForSent(12);
        }

        assertThat(sent).containsOnly("200");
        assertThat(most).containsOnly(1);
    }

    private ReviewTask task(String client, Deadline deadline, Supplier<ReviewReply> decision) {
        return new ReviewTask(
                System.nanoTime(),
                deadline,
                client,
                100,
                () -> false,
                decision,
                answer -> sent.add("" + answer.status()),
                failure -> sent.add(failure.toString()));
    }

    private void waitForSent(int count) {
        org.awaitility.Awaitility.await().until(() -> sent.size() >= count);
    }

    private static Deadline within(long milliseconds) {
        return new Deadline(System.nanoTime() + Duration.ofMillis(milliseconds).toNanos());
    }

    private static void park(long milliseconds) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.runOnContext(start -> {
            try {
                shedder.queue();
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }
}
