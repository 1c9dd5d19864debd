package dev.pillion.cluster.event;

import io.fabric8.kubernetes.api.model.ObjectReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits Events: the same Event is not repeated for some time, and each namespace has a rate limit. Memory is bounded: 16 bytes of a hash for each Event
 * and two numbers for each namespace.
 */
final class EventLimits {

    private static final Duration REPEAT_AFTER = Duration.ofMinutes(10);
    private static final int MAX_EVENTS = 4_096;
    private static final int MAX_NAMESPACES = 1_024;

    /** A namespace may send so many Events at once, and then one every six seconds. */
    static final int BURST = 10;

    private static final Duration REFILL = Duration.ofSeconds(6);

    private final Clock clock;
    private final Map<Key, Instant> recent = new Bounded<>(MAX_EVENTS);
    private final Map<String, Bucket> buckets = new Bounded<>(MAX_NAMESPACES);

    enum Result {
        NEW,
        SENT_RECENTLY,
        NAMESPACE_LIMIT
    }

    private record Key(long high, long low) {}

    /** @param since the time at which the bucket had this many tokens */
    private record Bucket(double tokens, Instant since) {

        Bucket at(Instant now) {
            double more = (double) Duration.between(since, now).toMillis() / REFILL.toMillis();
            return new Bucket(Math.clamp(tokens + more, 0, BURST), now);
        }
    }

    /** A map that drops the least recently used entry. */
    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1;
        private final int maxSize;

        Bounded(int maxSize) {
            super(16, 0.75f, true);
            this.maxSize = maxSize;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > maxSize;
        }
    }

    EventLimits(Clock clock) {
        this.clock = clock;
    }

    /** Takes a token of the namespace, unless the Event was sent recently. */
    synchronized Result take(ObjectReference owner, String reason, String message) {
        Instant now = clock.instant();
        Key key = key(owner, reason, message);
        Instant last = recent.get(key);
        if (last != null && last.plus(REPEAT_AFTER).isAfter(now)) {
            return Result.SENT_RECENTLY;
        }
        Bucket bucket = buckets.getOrDefault(owner.getNamespace(), new Bucket(BURST, now))
                .at(now);
        boolean allowed = bucket.tokens() >= 1;
        buckets.put(owner.getNamespace(), allowed ? new Bucket(bucket.tokens() - 1, now) : bucket);
        if (!allowed) {
            return Result.NAMESPACE_LIMIT;
        }
        recent.put(key, now);
        return Result.NEW;
    }

    /** The Event could not be queued, so the next equal one may be sent. */
    synchronized void forget(ObjectReference owner, String reason, String message) {
        recent.remove(key(owner, reason, message));
    }

    private static Key key(ObjectReference owner, String reason, String message) {
        String text = String.join(
                "\n", owner.getNamespace(), owner.getKind(), owner.getName(), owner.getUid(), reason, message);
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            return new Key(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
