package dev.pillion.server.review;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes one review of each client in turn, so that a client with many reviews does not delay the others. Of one client, it takes the oldest review
 * until that has waited too long. Then it takes the newest: the oldest is late anyway, and if it were answered first, all later ones would be late
 * too (ADR 12).
 */
final class FairOrder implements ReviewOrder {

    private final Map<String, Deque<ReviewTask>> byClient = new HashMap<>();
    private final Queue<Deque<ReviewTask>> turns = new ArrayDeque<>();

    @Override
    public void add(ReviewTask task) {
        Deque<ReviewTask> own = byClient.get(task.client());
        if (own == null) {
            own = new ArrayDeque<>();
            byClient.put(task.client(), own);
            turns.add(own);
        }
        own.add(task);
    }

    @Override
    public @Nullable ReviewTask next(long now) {
        Deque<ReviewTask> own = turns.poll();
        if (own == null) {
            return null;
        }
        long age = now - own.element().arrival();
        // An overdue review is only refused, so it is returned at once.
        boolean newest = age > ReviewQueue.LONG_WAIT && age <= ReviewQueue.LONGEST_WAIT;
        ReviewTask task = newest ? own.removeLast() : own.remove();
        if (own.isEmpty()) {
            byClient.remove(task.client());
        } else {
            turns.add(own);
        }
        return task;
    }

    @Override
    public boolean isEmpty() {
        return turns.isEmpty();
    }

    @Override
    public int ahead(String client) {
        Deque<ReviewTask> own = byClient.get(client);
        int rounds = own == null ? 1 : own.size() + 1;
        int ahead = 0;
        for (Deque<ReviewTask> each : turns) {
            ahead += each == own ? own.size() : Math.min(each.size(), rounds);
        }
        return ahead;
    }
}
