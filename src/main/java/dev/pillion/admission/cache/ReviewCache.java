package dev.pillion.admission.cache;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ByteRange;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Injector;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer to a review that comes from the same workload as an earlier one. It compares bytes, so the review is not parsed.
 * Thread-safe.
 *
 * <p>A review is compared with the cached reviews of the same length. All bytes must be equal, except those of the {@link VolatileField}s,
 * which may hold only characters that cannot change the structure of the document. Therefore a review that is found would be parsed as the
 * cached one was.
 *
 * <p>The cache belongs to one injector and one catalog. When one of them is replaced, everything is discarded with it, since each entry
 * refers to profiles of its catalog.
 *
 * <p>Over 200 lines because the entries and their accounting must be replaced together.
 *
 * @param <T> the type of the cached values
 */
public final class ReviewCache<T> {

    /** Reviews of one length. Comparing with more would cost more than it saves. */
    private static final int MAX_PER_LENGTH = 16;

    private static final int SIGHTINGS = 4_096;

    /** Objects and map entries around the arrays of an entry, and what its value refers to beside the bytes that the caller counts. */
    private static final int BYTES_PER_ENTRY = 1_024;

    private static final int BYTES_PER_FIELD = 32;

    private final long maxBytes;
    private final int maxReviewBytes;
    private final AtomicIntegerArray sightings = new AtomicIntegerArray(SIGHTINGS);
    private volatile Contents<T> contents = new Contents<>(null, null);

    /** @param maxBytes of all entries together; a cache that would exceed it is emptied */
    public ReviewCache(long maxBytes) {
        this.maxBytes = maxBytes;
        this.maxReviewBytes = (int) Math.min(maxBytes / 16, Integer.MAX_VALUE);
    }

    /**
     * A cache hit.
     *
     * @param uid the position of the uid in the review
     */
    public record Match<T>(T value, ByteRange uid) {}

    /** The cache hit for a review; null if there is none. */
    public @Nullable Match<T> find(byte[] review) {
        List<Entry<T>> candidates = contents.byLength.get(review.length);
        if (candidates != null) {
            for (Entry<T> entry : candidates) {
                if (entry.matches(review)) {
                    return entry.match;
                }
            }
        }
        return null;
    }

    /**
     * Whether a review should be cached: another one of its template has been seen, so more may come.
     *
     * @param templateHash a hash of what the Pods of one workload have in common
     */
    public boolean wants(byte[] review, int templateHash) {
        int sighting = 31 * templateHash + review.length;
        int previous = sightings.getAndSet(Math.floorMod(sighting, SIGHTINGS), sighting);
        return previous == sighting && sighting != 0 && review.length <= maxReviewBytes;
    }

    /**
     * Caches a value for a review, if other reviews can be compared with it and would get the same response. The entry replaces one that matches
     * the same reviews. Denials are not cached: they have no plan, which
     * says whose expressions were evaluated.
     *
     * @param snapshot that the review was decided on; it must still be current
     * @param weight of the value, in bytes
     */
    public void put(
            byte[] review,
            AdmissionRequest request,
            DecisionSnapshot snapshot,
            ReviewOutcome outcome,
            T value,
            int weight) {
        Stream<String> profiles = Stream.concat(
                outcome.plan().profiles().stream().map(each -> each.profile().name()),
                outcome.plan().skipped().stream().map(each -> each.profile().name()));
        if (!outcome.response().isAllowed()
                || snapshot.catalog().readsVolatileFields(profiles)
                || outcome.response().mentions(VolatileField.TOKEN_VOLUME)) {
            return;
        }
        Optional<Entry<T>> entry = VolatileField.in(review, request.uid())
                .map(fields -> Entry.of(review, fields, value, weight))
                .filter(each -> each.matches(review));
        if (entry.isPresent() && entry.get().bytes <= maxBytes) {
            Contents<T> current = contentsFor(snapshot, entry.get().bytes);
            if (current.put(entry.get()) > maxBytes) {
                // Other threads added entries at the same time.
                replace(current, new Contents<>(snapshot.injector(), snapshot.catalog()));
            }
        }
    }

    /** Discards all entries of another injector or another catalog, so that neither stays in memory. */
    public void retainOnly(Injector injector, Catalog catalog) {
        Contents<T> current = contents;
        if (!current.belongsTo(injector, catalog)) {
            replace(current, new Contents<>(injector, catalog));
        }
    }

    /** The size of all entries in bytes. */
    public long bytes() {
        return contents.bytes.get();
    }

    /** The size of all entries in bytes, counted entry by entry. */
    long countedBytes() {
        return contents.byLength.values().stream()
                .flatMap(List::stream)
                .mapToLong(Entry::bytes)
                .sum();
    }

    private Contents<T> contentsFor(DecisionSnapshot snapshot, long more) {
        while (true) {
            Contents<T> current = contents;
            if (current.belongsTo(snapshot.injector(), snapshot.catalog()) && current.bytes.get() + more <= maxBytes) {
                return current;
            }
            Contents<T> empty = new Contents<>(snapshot.injector(), snapshot.catalog());
            if (replace(current, empty)) {
                return empty;
            }
        }
    }

    /** Returns whether the contents were still the expected ones. */
    @SuppressWarnings("ReferenceEquality")
    private synchronized boolean replace(Contents<T> expected, Contents<T> next) {
        if (contents != expected) {
            return false;
        }
        contents = next;
        return true;
    }

    /** The entries and the count of their bytes, discarded together. */
    private record Contents<T>(
            @Nullable Injector injector,
            @Nullable Catalog catalog,
            ConcurrentHashMap<Integer, List<Entry<T>>> byLength,
            AtomicLong bytes) {

        Contents(@Nullable Injector injector, @Nullable Catalog catalog) {
            this(injector, catalog, new ConcurrentHashMap<>(), new AtomicLong());
        }

        @SuppressWarnings("ReferenceEquality") // Both are immutable, so identity is enough.
        boolean belongsTo(Injector otherInjector, Catalog otherCatalog) {
            return injector == otherInjector && catalog == otherCatalog;
        }

        /** The bytes of all entries afterwards. */
        long put(Entry<T> entry) {
            byLength.compute(entry.review.length, (length, before) -> {
                List<Entry<T>> others = before == null ? List.of() : before;
                List<Entry<T>> now = Stream.concat(
                                Stream.of(entry), others.stream().filter(each -> !each.matches(entry.review)))
                        .limit(MAX_PER_LENGTH)
                        .toList();
                bytes.addAndGet(bytes(now) - bytes(others));
                return now;
            });
            return bytes.get();
        }

        private static <T> long bytes(List<Entry<T>> entries) {
            return entries.stream().mapToLong(Entry::bytes).sum();
        }
    }

    private record Entry<T>(byte[] review, VolatileField[] fields, Match<T> match, long bytes) {

        static <T> Entry<T> of(byte[] review, List<VolatileField> fields, T value, int weight) {
            VolatileField uid = fields.stream()
                    .filter(each -> each.kind() == VolatileField.Kind.UID)
                    .findFirst()
                    .orElseThrow();
            return new Entry<>(
                    review,
                    fields.toArray(VolatileField[]::new),
                    new Match<>(value, new ByteRange(uid.from(), uid.to())),
                    (long) BYTES_PER_ENTRY + (long) BYTES_PER_FIELD * fields.size() + review.length + weight);
        }

        boolean matches(byte[] other) {
            int from = 0;
            @Nullable VolatileField token = null;
            for (VolatileField field : fields) {
                if (!Arrays.equals(review, from, field.from(), other, from, field.from()) || !field.accepts(other)) {
                    return false;
                }
                if (field.kind() == VolatileField.Kind.TOKEN) {
                    if (token != null && !sameText(other, token, field)) {
                        return false;
                    }
                    token = field;
                }
                from = field.to();
            }
            return Arrays.equals(review, from, review.length, other, from, other.length);
        }

        /** A Pod has one token volume; a mount of another name is a mount of another volume. */
        private static boolean sameText(byte[] review, VolatileField one, VolatileField other) {
            return Arrays.equals(review, one.from(), one.to(), review, other.from(), other.to());
        }
    }
}
