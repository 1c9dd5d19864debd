package dev.pillion.server.review;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The small reviews that one event loop has read and not answered yet. The event loop decides for some milliseconds and then reads again. If it
 * answered each review when it arrives, it would not know how many others wait, and would delay everything else. For the event loop's thread only.
 */
final class ReviewQueue {

    /** For how long reviews are answered before the event loop reads again. */
    private static final long SLICE = Duration.ofMillis(4).toNanos();

    private static final long TICK = Duration.ofMillis(20).toNanos();

    /** The cost is a moving average of so many reviews. */
    private static final int WEIGHT = 16;

    /** The assumed cost of a review before the first one was measured. */
    private static final double FIRST_COST = Duration.ofMillis(1).toNanos();

    private final LoadShedder shedder;
    private final EventExecutor loop;
    private final Queue<ReviewTask> waiting = new ArrayDeque<>();
    private final Map<String, Integer> byClient = new HashMap<>();
    private double cost = FIRST_COST;
    private long sliceStart;
    private long lastDone = System.nanoTime() - SLICE;
    private boolean scheduled;
    private long tickDue = System.nanoTime() + TICK;
    private long tickDelay;

    ReviewQueue(LoadShedder shedder, EventExecutor loop) {
        this.shedder = shedder;
        this.loop = loop;
        loop.scheduleWithFixedDelay(this::tick, TICK, TICK, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        tickDelay = now - tickDue;
        tickDue = now + TICK;
    }

    /** The delay of the event loop in nanoseconds: for how long a request may have waited unread. */
    long loopDelay() {
        return Math.max(0, Math.max(tickDelay, System.nanoTime() - tickDue));
    }

    /** The nanoseconds after which a review that arrives now is answered. */
    double expectedWait() {
        return loopDelay() + (waiting.size() + 1) * cost;
    }

    /** Whether a client has more reviews in the queue than an equal share among all clients and one more. */
    boolean hasMoreThanItsShare(String client) {
        Integer own = byClient.get(client);
        return own != null && (long) own * (byClient.size() + 1) > waiting.size();
    }

    void add(ReviewTask task) {
        long now = System.nanoTime();
        if (now - lastDone > SLICE) {
            // The event loop was idle, so it has read everything that has arrived.
            sliceStart = now;
        }
        if (waiting.isEmpty() && now - sliceStart < SLICE) {
            answer(task, now);
        } else {
            waiting.add(task);
            byClient.merge(task.client(), 1, Integer::sum);
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::drain);
        }
    }

    private void drain() {
        scheduled = false;
        long now = System.nanoTime();
        sliceStart = now;
        for (ReviewTask task = waiting.poll(); task != null; task = waiting.poll()) {
            byClient.computeIfPresent(task.client(), (client, count) -> count > 1 ? count - 1 : null);
            answer(task, waiting.isEmpty() ? System.nanoTime() : lastDone);
            if (System.nanoTime() - sliceStart > SLICE) {
                break;
            }
        }
        if (!waiting.isEmpty()) {
            schedule();
        }
    }

    /** @param from the start of the measured cost: while others wait, the work of the event loop between two reviews is included */
    private void answer(ReviewTask task, long from) {
        task.run(shedder);
        lastDone = System.nanoTime();
        cost += (lastDone - from - cost) / WEIGHT;
    }
}
