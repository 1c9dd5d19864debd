package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.admission.cache.AnsweredReview;
import dev.pillion.admission.cache.ReviewCache;
import dev.pillion.admission.cache.ReviewCache.Match;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.fuzz.Choices;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Any two reviews: when the second is answered from the cache with what the first was answered, it is answered as if it had been read. An
 * input that begins with an opening brace is the two reviews with the byte 1E (hexadecimal) between them; from another one both are made.
 */
public final class CachedResponseFuzz {

    private static final byte SEPARATOR = 0x1e;
    private static final List<byte[]> REVIEWS = reviews();
    private static final int MOST_CHANGES = 16;

    /** What stands before the parts of a review in which Pods of one workload differ. */
    private static final List<String> PLACES = List.of(
            "\"uid\":\"",
            "\"uid\": \"",
            "kube-api-access-",
            "\"time\":\"",
            "postgres-",
            "invoices-",
            "worker-",
            "pod-index\":\"",
            "uid\\\":\\\"",
            "\"request\":{",
            "\"name\":\"",
            "{");

    private static final List<String> TEXTS = List.of(
            "\"uid\":\"092f0064-db79-4859-9cb8-e3fa298d629b\",",
            "\"uid\":\"\",",
            "\"request\":{\"uid\":\"a\"},",
            "\"\\u0075id\":\"b\",",
            "\"time\":\"2026-11-21T13:44:00Z\",",
            "\"name\":\"kube-api-access-r5wbk\",",
            "\"managedFields\":[],",
            "\"annotations\":{\"pillion.dev/inject\":\"logging\"},",
            "kube-api-access-r5wbk",
            "\\u0061",
            " ");

    private static final Catalog CATALOG = CatalogReader.builtIn();
    private static final Injector INJECTOR = new Injector(InjectionSettings.defaults());
    private static final MutatingWebhook WEBHOOK =
            new MutatingWebhook(DecisionSnapshot.current(() -> INJECTOR, () -> CATALOG, Namespace::named));

    private CachedResponseFuzz() {}

    /** @param answer as it was written for the review that was kept */
    private record Known(String uid, byte[] answer) {}

    public static void test(byte[] input) {
        if (input.length > 0 && input[0] == '{') {
            int end = 0;
            while (end < input.length && input[end] != SEPARATOR) {
                end++;
            }
            byte[] first = Arrays.copyOf(input, end);
            check(first, end < input.length ? Arrays.copyOfRange(input, end + 1, input.length) : first);
            return;
        }
        Choices choices = new Choices(input);
        byte[] first = changed(choices.pick(REVIEWS), choices);
        check(first, overwritten(first, choices));
    }

    private static void check(byte[] first, byte[] second) {
        ReviewCache<Known> cache = new ReviewCache<>(1 << 24);
        keep(first, cache);
        Match<Known> match = cache.find(second);
        if (match != null) {
            Known known = match.value();
            byte[] cached = ReviewWriter.withUid(known.answer(), known.uid(), second, match.uid());
            assertThat(text(cached))
                    .as("the answer to %s after %s", text(second), text(first))
                    .isEqualTo(answer(second));
        }
    }

    private static void keep(byte[] review, ReviewCache<Known> cache) {
        try {
            AdmissionRequest request = ReviewReader.read(review);
            DecisionSnapshot snapshot = WEBHOOK.snapshot(request.namespace());
            byte[] response =
                    ReviewWriter.write(WEBHOOK.review(request, snapshot).response());
            cache.put(
                    new AnsweredReview(review, request, snapshot, response),
                    WEBHOOK,
                    new Known(request.uid(), response),
                    0);
        } catch (MalformedReviewException e) {
            // Nothing is kept of it.
        }
    }

    private static String answer(byte[] review) {
        try {
            return text(
                    ReviewWriter.write(WEBHOOK.review(ReviewReader.read(review)).response()));
        } catch (MalformedReviewException e) {
            return e.toString();
        }
    }

    /** With other texts in it, so that it is a review which is not of the usual form. */
    private static byte[] changed(byte[] review, Choices choices) {
        StringBuilder changed = new StringBuilder(new String(review, StandardCharsets.ISO_8859_1));
        for (int times = choices.below(4); times > 0; times--) {
            int at = place(changed, choices);
            switch (choices.below(3)) {
                case 0 -> changed.insert(at, choices.pick(TEXTS));
                case 1 -> changed.insert(at, new String(choices.some(), StandardCharsets.ISO_8859_1));
                default -> changed.delete(at, Math.min(changed.length(), at + choices.below(64)));
            }
        }
        return changed.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Of the same length, as others of the workload are. */
    private static byte[] overwritten(byte[] review, Choices choices) {
        byte[] other = review.clone();
        StringBuilder text = new StringBuilder(new String(review, StandardCharsets.ISO_8859_1));
        for (int times = 0; times < MOST_CHANGES && choices.hasMore(); times++) {
            int at = place(text, choices) + choices.below(8);
            if (at < other.length) {
                other[at] = (byte) choices.below(256);
            }
        }
        return other;
    }

    /** Where one of the known texts ends, or any place. */
    private static int place(StringBuilder review, Choices choices) {
        int from = choices.below(review.length() + 1);
        int known = choices.below(PLACES.size() + 1);
        if (known == PLACES.size()) {
            return from;
        }
        int found = review.indexOf(PLACES.get(known), from);
        return found < 0 ? from : found + PLACES.get(known).length();
    }

    private static List<byte[]> reviews() {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/reviews"))) {
            List<byte[]> reviews = new ArrayList<>(List.of(Files.readAllBytes(Path.of("examples/review.json"))));
            for (Path file : files.sorted().toList()) {
                reviews.add(Files.readAllBytes(file));
            }
            return reviews;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
