package dev.pillion.server;

import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Answers a synthetic review again and again before the server listens. The first review of a fresh JVM takes a third of a second,
 * which no Pod should wait for.
 */
final class WarmUp {

    private static final int ROUNDS = 200;

    private WarmUp() {}

    static void of(MutatingWebhook webhook) {
        byte[] review = review();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                ReviewWriter.write(webhook.review(ReviewReader.read(review)));
            }
        } catch (MalformedReviewException e) {
            throw new IllegalStateException("the synthetic review is in the jar and read by a test", e);
        }
    }

    private static byte[] review() {
        try (InputStream file = Objects.requireNonNull(WarmUp.class.getResourceAsStream("warm-up.json"))) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
