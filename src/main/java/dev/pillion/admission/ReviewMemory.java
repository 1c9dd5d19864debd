package dev.pillion.admission;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a review that differs from an earlier one only where the Pods of one workload do, by comparing bytes: it need not be read to
 * be answered. Thread-safe.
 *
 * <p>Reviews of the same length are held against those that are remembered, all but a few places of them ({@link Variation}); and in these
 * places only what cannot change the form of the document is taken. So a review that is recognised would be read as the remembered one was.
 *
 * @param <T> what is remembered of a review
 */
public final class ReviewMemory<T> {

    /** Of one length. More cost time to look through. */
    private static final int MOST_ALIKE = 16;

    private static final int SIGHTS = 4_096;

    private final long mostBytes;
    private final int longest;
    private final ConcurrentHashMap<Integer, List<Known<T>>> byLength = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicIntegerArray sights = new AtomicIntegerArray(SIGHTS);

    /** @param mostBytes of reviews and values that are remembered together; when there are more, it begins anew */
    public ReviewMemory(long mostBytes) {
        this.mostBytes = mostBytes;
        this.longest = (int) Math.min(mostBytes / 16, Integer.MAX_VALUE);
    }

    /**
     * A review that was recognised.
     *
     * @param value what was remembered
     * @param uid the review's own
     */
    public record Match<T>(T value, Span uid) {}

    /** Where in the bytes of a review something stands. */
    public record Span(int from, int to) {

        public int length() {
            return to - from;
        }
    }

    /** What was remembered of a review that is the same in all that matters; null when there is none. */
    public @Nullable Match<T> find(byte[] review) {
        List<Known<T>> alike = byLength.get(review.length);
        if (alike != null) {
            for (Known<T> known : alike) {
                if (known.matches(review)) {
                    return known.match;
                }
            }
        }
        return null;
    }

    /**
     * Whether a review should be remembered: one of its sort has come before, so more may come.
     *
     * @param sort a hash of what the Pods of one workload share
     */
    public boolean wants(byte[] review, int sort) {
        int sign = 31 * sort + review.length;
        int previous = sights.getAndSet(Math.floorMod(sign, SIGHTS), sign);
        return previous == sign && sign != 0 && review.length <= longest;
    }

    /**
     * Remembers a review that was read without complaint, if others can be recognised by it and would have got the same answer on the same
     * basis; where one like it was, that is forgotten. Denials are not remembered, since not all that they rest on is known of them.
     *
     * @param weight of the value, in bytes
     */
    public void keep(byte[] review, Basis basis, AdmissionResponse response, T value, int weight) {
        Stream<String> profiles = Stream.concat(
                response.plan().profiles().stream().map(each -> each.profile().name()),
                response.plan().skipped().stream().map(each -> each.profile().name()));
        if (!response.allowed()
                || basis.catalog().tellsReplicasApart(profiles)
                || response.tells(Variation.TOKEN_VOLUME)) {
            return;
        }
        Optional<Known<T>> known = Variation.in(review)
                .map(variations -> Known.of(review, variations, value, review.length + weight))
                .filter(each -> each.matches(review));
        if (known.isEmpty()) {
            return;
        }
        if (bytes.get() + known.get().weight > mostBytes) {
            byLength.clear();
            bytes.set(0);
        }
        byLength.compute(review.length, (length, before) -> {
            List<Known<T>> others = before == null ? List.of() : before;
            List<Known<T>> now = Stream.concat(known.stream(), others.stream().filter(each -> !each.matches(review)))
                    .limit(MOST_ALIKE)
                    .toList();
            bytes.addAndGet(weight(now) - weight(others));
            return now;
        });
    }

    private static <T> long weight(List<Known<T>> all) {
        return all.stream().mapToLong(Known::weight).sum();
    }

    private record Known<T>(byte[] review, Variation[] variations, Match<T> match, long weight) {

        static <T> Known<T> of(byte[] review, List<Variation> variations, T value, long weight) {
            Variation uid = variations.stream()
                    .filter(each -> each.kind() == Variation.Kind.UID)
                    .findFirst()
                    .orElseThrow();
            return new Known<>(
                    review,
                    variations.toArray(Variation[]::new),
                    new Match<>(value, new Span(uid.from(), uid.to())),
                    weight);
        }

        boolean matches(byte[] other) {
            int from = 0;
            @Nullable Variation token = null;
            for (Variation variation : variations) {
                if (!Arrays.equals(review, from, variation.from(), other, from, variation.from())
                        || !variation.isPossible(other)) {
                    return false;
                }
                if (variation.kind() == Variation.Kind.TOKEN) {
                    if (token != null && !sameText(other, token, variation)) {
                        return false;
                    }
                    token = variation;
                }
                from = variation.to();
            }
            return Arrays.equals(review, from, review.length, other, from, other.length);
        }

        /** A Pod has one token volume; what is mounted under another's name is another thing. */
        private static boolean sameText(byte[] review, Variation one, Variation other) {
            return Arrays.equals(review, one.from(), one.to(), review, other.from(), other.to());
        }
    }
}
