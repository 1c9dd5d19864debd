package dev.pillion.admission.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ByteRange;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.PodWebhook;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.admission.cache.VolatileField.Kind;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Injector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * <p>A field is volatile only if nothing reads it: neither the policies, nor the profiles that the Pod or its namespace names, nor Pillion
 * itself. As a safeguard, each review is also decided with other values in its volatile fields before it is cached.
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

    /** @param maxBytes of all entries together; a cache that would exceed it is emptied. With 0, nothing is cached */
    public ReviewCache(long maxBytes) {
        this.maxBytes = maxBytes;
        this.maxReviewBytes = (int) Math.min(maxBytes / 16, Integer.MAX_VALUE);
    }

    /**
     * A cache hit.
     *
     * @param uid the position of the uid in the review
     * @param samePod whether the review cannot differ from the cached one in the name of the Pod or its Job
     */
    public record Match<T>(T value, ByteRange uid, boolean samePod) {}

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

    /** Whether a review should be cached: another one of its workload has been seen, so more may come. */
    public boolean wants(byte[] review, AdmissionRequest request) {
        int sighting = 31 * workloadHash(request) + review.length;
        int previous = sightings.getAndSet(Math.floorMod(sighting, SIGHTINGS), sighting);
        return previous == sighting && sighting != 0 && review.length <= maxReviewBytes;
    }

    private static int workloadHash(AdmissionRequest request) {
        int hash = Objects.hash(request.resource(), request.operation(), request.namespace(), request.dryRun());
        for (Map.Entry<String, JsonNode> label :
                request.object().path("metadata").path("labels").properties()) {
            if (!VolatilePlace.isLabel(label.getKey())) {
                hash = 31 * hash + label.hashCode();
            }
        }
        for (JsonNode container : request.object().path("spec").path("containers")) {
            hash = 31 * hash + Objects.hash(container.path("name"), container.path("image"));
        }
        return hash;
    }

    /**
     * Caches a value for a review, if other reviews can be compared with it and would get the same response. The entry replaces one that matches
     * the same reviews.
     *
     * @param webhook that answered the review
     * @param weight of the value, in bytes
     */
    public void put(AnsweredReview answered, PodWebhook webhook, T value, int weight) {
        Optional<Entry<T>> entry = VolatileFields.in(
                        answered.review(), answered.request(), answered.fieldsRead(webhook))
                .map(fields -> Entry.of(answered, fields, value, weight))
                .filter(each ->
                        each.bytes <= maxBytes && each.matches(answered.review()) && each.isGeneral(answered, webhook));
        if (entry.isPresent()) {
            DecisionSnapshot snapshot = answered.snapshot();
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

    /** @param earlier for each field, the index of the first field of its kind; its own index if its text is independent */
    private record Entry<T>(byte[] review, VolatileField[] fields, int[] earlier, Match<T> match, long bytes) {

        static <T> Entry<T> of(AnsweredReview answered, List<VolatileField> fields, T value, int weight) {
            VolatileField uid = first(fields, Kind.REVIEW_UID);
            int[] earlier = new int[fields.size()];
            for (int index = 0; index < earlier.length; index++) {
                Kind kind = fields.get(index).kind();
                earlier[index] = kind == Kind.TIME ? index : fields.indexOf(first(fields, kind));
            }
            return new Entry<>(
                    answered.review(),
                    fields.toArray(VolatileField[]::new),
                    earlier,
                    new Match<>(
                            value,
                            new ByteRange(uid.from(), uid.to()),
                            fields.stream().noneMatch(Entry::identifies)),
                    (long) BYTES_PER_ENTRY
                            + (long) BYTES_PER_FIELD * fields.size()
                            + answered.review().length
                            + weight);
        }

        private static VolatileField first(List<VolatileField> fields, Kind kind) {
            return fields.stream()
                    .filter(each -> each.kind() == kind)
                    .findFirst()
                    .orElseThrow();
        }

        private static boolean identifies(VolatileField field) {
            return switch (field.kind()) {
                case REVIEW_UID, TIME, TOKEN_VOLUME, NODE_NAME -> false;
                case POD_UID, POD_NAME, JOB_UID, JOB_NAME, JOB_INDEX -> true;
            };
        }

        boolean matches(byte[] other) {
            int from = 0;
            for (int index = 0; index < fields.length; index++) {
                VolatileField field = fields[index];
                if (!Arrays.equals(review, from, field.from(), other, from, field.from())
                        || !field.accepts(other)
                        || (earlier[index] != index && !field.isEqualTo(fields[earlier[index]], other))) {
                    return false;
                }
                from = field.to();
            }
            return Arrays.equals(review, from, review.length, other, from, other.length);
        }

        /** Whether the review gets the same response with other values in all volatile fields. */
        boolean isGeneral(AnsweredReview answered, PodWebhook webhook) {
            byte[] other = review.clone();
            for (VolatileField field : fields) {
                field.change(other);
            }
            try {
                byte[] expected = ReviewWriter.withUid(
                        answered.response(), answered.request().uid(), other, match.uid());
                ReviewOutcome outcome = webhook.review(ReviewReader.read(other), answered.snapshot());
                return Arrays.equals(expected, ReviewWriter.write(outcome.response()));
            } catch (MalformedReviewException e) {
                return false;
            }
        }
    }
}
