package dev.pillion.server.review;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.IntToLongFunction;

/**
 * One event loop with a {@link ReviewQueue}, in virtual time. It reads all requests that have arrived, then runs the tasks that are due, and starts
 * again, as Netty does. A refused review comes again after a second, over a new connection if the refusal closes the present one, until the timeout of
 * the API server.
 */
final class SimulatedServer {

    static final long TIMEOUT = Duration.ofSeconds(5).toNanos();

    private static final long RETRY = Duration.ofSeconds(1).toNanos();

    /** TLS, HTTP and the body of one request, and its response: the ceiling in docs/performance.md. */
    static final long EXCHANGE = Duration.ofNanos(36_000).toNanos();

    /** What a new connection costs in addition (docs/performance.md). */
    private static final long HANDSHAKE = Duration.ofNanos(450_000).toNanos();

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Call> calls = new PriorityQueue<>(Comparator.comparingLong(Call::time));
    private final List<Review> done = new ArrayList<>();
    private final IntToLongFunction serviceTime;
    private final ReviewQueue queue;
    private final ClosingRate closings;
    private Flood flood = new Flood("", 0, 0, 0);
    private double nextOfFlood;
    private int flooding;
    private long now;
    private int decided;
    private int refusals;

    /** @param serviceTime of each decision in nanoseconds, by the number of earlier decisions */
    SimulatedServer(ReviewOrder order, IntToLongFunction serviceTime) {
        this.serviceTime = serviceTime;
        this.closings = new ClosingRate(() -> now);
        this.queue = new ReviewQueue(tasks::add, () -> now, order, reason -> {
            refusals++;
            return ReviewReply.retryLater("");
        });
    }

    /**
     * @param first when the API server called for the first time
     * @param fresh whether the connection is new
     */
    private record Call(long time, String client, long first, boolean fresh) {}

    /**
     * Reviews with a constant rate. As many as {@code inFlight} wait for an answer or a retry; while there are so many, no other is sent.
     *
     * @param interval in nanoseconds
     * @param duration in nanoseconds
     */
    private record Flood(String client, double interval, int inFlight, long duration) {}

    /**
     * A review after its answer or the timeout.
     *
     * @param took the nanoseconds from the first call to the answer; {@link #TIMEOUT} if there was none
     */
    record Review(String client, long took) {

        boolean isAnswered() {
            return took < TIMEOUT;
        }
    }

    void send(long time, String client) {
        calls.add(new Call(time, client, time, false));
    }

    void flood(String client, double perSecond, int inFlight, long duration) {
        flood = new Flood(client, Duration.ofSeconds(1).toNanos() / perSecond, inFlight, duration);
    }

    /** Runs until each review is answered or its timeout is over. */
    List<Review> run() {
        sendFlood();
        while (!calls.isEmpty() || !tasks.isEmpty()) {
            if (tasks.isEmpty()) {
                now = Math.max(now, calls.element().time);
            }
            sendFlood();
            List<Call> arrived = new ArrayList<>();
            while (!calls.isEmpty() && calls.element().time <= now) {
                arrived.add(calls.remove());
            }
            arrived.forEach(this::read);
            for (int due = tasks.size(); due > 0; due--) {
                tasks.remove().run();
            }
        }
        return done;
    }

    int refusals() {
        return refusals;
    }

    private void sendFlood() {
        while (nextOfFlood < flood.duration && nextOfFlood <= now) {
            if (flooding < flood.inFlight) {
                flooding++;
                send((long) nextOfFlood, flood.client);
            }
            nextOfFlood += flood.interval;
        }
    }

    private void read(Call call) {
        now += EXCHANGE + (call.fresh ? HANDSHAKE : 0);
        Deadline deadline = Deadline.of("timeout=" + (call.first + TIMEOUT - call.time) + "ns", call.time);
        if (queue.refuses(deadline, call.client).isPresent()) {
            refusals++;
            retry(call);
            return;
        }
        queue.add(new ReviewTask(
                call.time,
                deadline,
                call.client,
                1,
                () -> false,
                () -> {
                    now += serviceTime.applyAsLong(decided++);
                    return ReviewReply.text(200, "");
                },
                reply -> {
                    if (reply.status() == 200) {
                        finish(call, now - call.first);
                    } else {
                        retry(call);
                    }
                },
                failure -> {
                    throw new AssertionError(failure);
                }));
    }

    private void retry(Call call) {
        long time = now + RETRY;
        if (time < call.first + TIMEOUT) {
            calls.add(new Call(time, call.client, call.first, closings.tryAcquire()));
        } else {
            finish(call, TIMEOUT);
        }
    }

    private void finish(Call call, long took) {
        done.add(new Review(call.client, took));
        if (call.client.equals(flood.client)) {
            flooding--;
        }
    }
}
