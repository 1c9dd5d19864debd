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
 * Decides which Events are not sent: those that were sent recently, and those beyond a namespace's share. Its memory is bounded: it keeps 16
 * bytes of each Event's hash and two numbers for each namespace.
 */
final class EventLimits {

    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final int MOST_TOLD = 4_096;
    private static final int MOST_NAMESPACES = 1_024;

    /** Of one namespace at once, and then one in six seconds. */
    static final int BURST = 10;

    private static final Duration REFILL = Duration.ofSeconds(6);

    private final Clock clock;
    private final Map<Key, Instant> told = new Bounded<>(MOST_TOLD);
    private final Map<String, Bucket> buckets = new Bounded<>(MOST_NAMESPACES);

    enum Verdict {
        NEW,
        TOLD_LATELY,
        NAMESPACE_LIMIT
    }

    private record Key(long high, long low) {}

    /** @param since when it had this many */
    private record Bucket(double tokens, Instant since) {

        Bucket at(Instant now) {
            double more = (double) Duration.between(since, now).toMillis() / REFILL.toMillis();
            return new Bucket(Math.clamp(tokens + more, 0, BURST), now);
        }
    }

    /** Forgets what was not used for the longest. */
    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1;
        private final int most;

        Bounded(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    EventLimits(Clock clock) {
        this.clock = clock;
    }

    /** Takes one of the namespace's share, where there is news and any left. */
    synchronized Verdict take(ObjectReference owner, String reason, String message) {
        Instant now = clock.instant();
        Key key = key(owner, reason, message);
        Instant last = told.get(key);
        if (last != null && last.plus(SILENCE).isAfter(now)) {
            return Verdict.TOLD_LATELY;
        }
        Bucket bucket = buckets.getOrDefault(owner.getNamespace(), new Bucket(BURST, now))
                .at(now);
        boolean left = bucket.tokens() >= 1;
        buckets.put(owner.getNamespace(), left ? new Bucket(bucket.tokens() - 1, now) : bucket);
        if (!left) {
            return Verdict.NAMESPACE_LIMIT;
        }
        told.put(key, now);
        return Verdict.NEW;
    }

    /** It could not be told after all, and may be at the next occasion. */
    synchronized void forget(ObjectReference owner, String reason, String message) {
        told.remove(key(owner, reason, message));
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
