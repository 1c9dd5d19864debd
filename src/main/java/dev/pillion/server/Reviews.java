package dev.pillion.server;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
import dev.pillion.admission.Basis;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.PodWebhook;
import dev.pillion.admission.ReviewMemory;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.expression.Excerpt;
import io.micrometer.core.instrument.Counter;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes reviews from the API server and gives it the answers. */
@Singleton
class Reviews {

    /** Of the heap, for each webhook. A review of a usual size takes some 40 KiB, so a small heap remembers hundreds of workloads. */
    private static final int SHARE_FOR_MEMORY = 24;

    /** An answer is kept as it was written, and as the operations that it was written from. */
    private static final int BYTES_FOR_A_BYTE = 6;

    private final Namespaces namespaces;
    private final ReviewMetrics metrics;
    private final Aftermath aftermath;

    Reviews(Namespaces namespaces, ReviewMetrics metrics, Aftermath aftermath) {
        this.namespaces = namespaces;
        this.metrics = metrics;
        this.aftermath = aftermath;
    }

    /** What answers the body of a request. */
    interface Answering {
        Answer answer(byte[] body);
    }

    /** @param name of the webhook, as metrics call it */
    Answering of(String name, Function<AdmissionRequest, AdmissionResponse> decision) {
        metrics.begin(name);
        return body -> {
            long start = System.nanoTime();
            try {
                AdmissionRequest request = ReviewReader.read(body);
                AdmissionResponse response = decision.apply(request);
                byte[] answer = ReviewWriter.write(response);
                finish(name, request, response, metrics.counters(name, request, response), start);
                return Answer.review(answer);
            } catch (MalformedReviewException e) {
                return malformed(name, e);
            }
        };
    }

    /**
     * The same, but that a review which differs from an earlier one only as the Pods of one workload do gets its answer without being read.
     *
     * @param name of the webhook, as metrics call it
     */
    Answering remembering(String name, PodWebhook webhook) {
        ReviewMemory<Remembered> memory =
                new ReviewMemory<>(Runtime.getRuntime().maxMemory() / SHARE_FOR_MEMORY);
        metrics.begin(name);
        Counter recognised = metrics.recognised(name);
        return body -> {
            long start = System.nanoTime();
            ReviewMemory.@Nullable Match<Remembered> match = memory.find(body);
            if (match == null || !isStillRight(match.value(), webhook)) {
                return decide(name, webhook, memory, body, start);
            }
            recognised.increment();
            return again(name, match.value(), body, match.uid(), start);
        };
    }

    private boolean isStillRight(Remembered known, PodWebhook webhook) {
        String namespace = known.request().namespace();
        return known.basis().isStill(webhook.basis(namespace)) && !namespaces.expects(namespace);
    }

    private Answer again(String name, Remembered known, byte[] body, ReviewMemory.Span uid, long start) {
        byte[] answer = ReviewWriter.readdress(known.answer(), known.request().uid(), body, uid);
        long took = System.nanoTime() - start;
        known.counters().count(took);
        if (aftermath.has(known.response())) {
            String own = new String(body, uid.from(), uid.length(), StandardCharsets.US_ASCII);
            aftermath.of(name, known.request().withUid(own), known.response(), took);
        }
        return Answer.review(answer);
    }

    private Answer decide(String name, PodWebhook webhook, ReviewMemory<Remembered> memory, byte[] body, long start) {
        try {
            AdmissionRequest request = ReviewReader.read(body);
            if (request.createsPod() && namespaces.expects(request.namespace())) {
                return Answer.comeAgain("namespace " + Excerpt.visible(Excerpt.of(request.namespace()))
                        + " was made a moment ago and is not known yet");
            }
            Basis basis = webhook.basis(request.namespace());
            AdmissionResponse response = webhook.review(request, basis);
            byte[] answer = ReviewWriter.write(response);
            ReviewMetrics.Counters counters = metrics.counters(name, request, response);
            if (memory.wants(body, request.sort())) {
                memory.keep(
                        body,
                        basis,
                        response,
                        new Remembered(basis, request.withoutSpec(), response, answer, counters),
                        BYTES_FOR_A_BYTE * answer.length);
            }
            finish(name, request, response, counters, start);
            return Answer.review(answer);
        } catch (MalformedReviewException e) {
            return malformed(name, e);
        }
    }

    private void finish(
            String name,
            AdmissionRequest request,
            AdmissionResponse response,
            ReviewMetrics.Counters counters,
            long start) {
        long took = System.nanoTime() - start;
        counters.count(took);
        if (aftermath.has(response)) {
            aftermath.of(name, request, response, took);
        }
    }

    private Answer malformed(String name, MalformedReviewException e) {
        metrics.countMalformed(name);
        return Answer.text(400, "this is no AdmissionReview: " + e.getMessage());
    }

    /**
     * What is kept of a review that was answered.
     *
     * @param request without the Pod's spec
     * @param answer as it was written
     */
    private record Remembered(
            Basis basis,
            AdmissionRequest request,
            AdmissionResponse response,
            byte[] answer,
            ReviewMetrics.Counters counters) {}
}
