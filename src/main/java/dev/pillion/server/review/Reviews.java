package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
import dev.pillion.admission.ByteRange;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.PodWebhook;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.admission.cache.ReviewCache;
import dev.pillion.expression.Excerpt;
import dev.pillion.server.cluster.Namespaces;
import io.micrometer.core.instrument.Counter;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the reviews of the API server. */
@Singleton
public class Reviews {

    /** Share of the heap for the cache of each webhook. A review of the usual size takes 40 KiB, so a small heap caches hundreds of workloads. */
    private static final int HEAP_SHARE = 24;

    /** The answer is cached as bytes, and what it was decided on and why takes some five times as much. */
    private static final int WEIGHT_PER_BYTE = 6;

    private final Namespaces namespaces;
    private final ReviewMetrics metrics;
    private final ReviewSideEffects sideEffects;

    public Reviews(Namespaces namespaces, ReviewMetrics metrics, ReviewSideEffects sideEffects) {
        this.namespaces = namespaces;
        this.metrics = metrics;
        this.sideEffects = sideEffects;
    }

    /** Answers the body of a request. */
    public interface Answering {
        ReviewReply answer(byte[] body);

        /** Frees what refers to a catalog or an injector that is no longer in force. */
        default void dropStale() {}
    }

    /** @param name of the webhook, as in metrics */
    Answering uncached(String name, Function<AdmissionRequest, AdmissionResponse> decision) {
        metrics.begin(name);
        return body -> {
            long start = System.nanoTime();
            try {
                AdmissionRequest request = ReviewReader.read(body);
                AdmissionResponse response = decision.apply(request);
                byte[] answer = ReviewWriter.write(response);
                finish(name, request, response, metrics.counters(name, request, response), start);
                return ReviewReply.review(answer);
            } catch (MalformedReviewException e) {
                return malformed(name, e);
            }
        };
    }

    /**
     * Answers a review that comes from the same workload as an earlier one from the cache.
     *
     * @param name of the webhook, as in metrics
     */
    public Answering cached(String name, PodWebhook webhook) {
        metrics.begin(name);
        return new Cached(name, webhook, metrics.cacheHits(name));
    }

    private final class Cached implements Answering {

        private final String name;
        private final PodWebhook webhook;
        private final Counter hits;
        private final ReviewCache<CachedReview> cache =
                new ReviewCache<>(Runtime.getRuntime().maxMemory() / HEAP_SHARE);

        Cached(String name, PodWebhook webhook, Counter hits) {
            this.name = name;
            this.webhook = webhook;
            this.hits = hits;
        }

        @Override
        public ReviewReply answer(byte[] body) {
            long start = System.nanoTime();
            ReviewCache.@Nullable Match<CachedReview> match = cache.find(body);
            if (match == null || !isCurrent(match.value())) {
                return decide(body, start);
            }
            hits.increment();
            return fromCache(match.value(), body, match.uid(), start);
        }

        @Override
        public void dropStale() {
            DecisionSnapshot now = webhook.basis("");
            cache.retainOnly(now.injector(), now.catalog());
        }

        private boolean isCurrent(CachedReview cached) {
            String namespace = cached.request().namespace();
            return cached.basis().isStill(webhook.basis(namespace)) && !namespaces.expects(namespace);
        }

        private ReviewReply fromCache(CachedReview cached, byte[] body, ByteRange uid, long start) {
            byte[] answer =
                    ReviewWriter.withUid(cached.answer(), cached.request().uid(), body, uid);
            long took = System.nanoTime() - start;
            cached.counters().count(took);
            if (sideEffects.has(cached.response())) {
                String own = new String(body, uid.from(), uid.length(), StandardCharsets.US_ASCII);
                sideEffects.of(name, cached.request().withUid(own), cached.response(), took);
            }
            return ReviewReply.review(answer);
        }

        private ReviewReply decide(byte[] body, long start) {
            try {
                AdmissionRequest request = ReviewReader.read(body);
                String namespace = request.namespace();
                if (request.createsPod() && namespaces.expects(namespace)) {
                    return ReviewReply.retryLater("namespace " + Excerpt.visible(Excerpt.of(namespace))
                            + " was created a moment ago and is not known yet");
                }
                DecisionSnapshot basis = webhook.basis(namespace);
                AdmissionResponse response = webhook.review(request, basis);
                byte[] answer = ReviewWriter.write(response);
                ReviewMetrics.Counters counters = metrics.counters(name, request, response);
                // Another catalog may be in force by now, and would be kept from the cache by an entry of the earlier
                // one.
                if (cache.wants(body, request.templateHash()) && basis.isStill(webhook.basis(namespace))) {
                    CachedReview cached = new CachedReview(
                            basis, request.withoutSpec(), response.withoutOperations(), answer, counters);
                    cache.put(body, request, basis, response, cached, WEIGHT_PER_BYTE * answer.length);
                }
                finish(name, request, response, counters, start);
                return ReviewReply.review(answer);
            } catch (MalformedReviewException e) {
                return malformed(name, e);
            }
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
        if (sideEffects.has(response)) {
            sideEffects.of(name, request, response, took);
        }
    }

    private ReviewReply malformed(String name, MalformedReviewException e) {
        metrics.countMalformed(name);
        return ReviewReply.text(400, "this is no AdmissionReview: " + e.getMessage());
    }

    /**
     * A review that was answered.
     *
     * @param request without the Pod's spec
     * @param response without the patch's operations
     * @param answer as it was written
     */
    private record CachedReview(
            DecisionSnapshot basis,
            AdmissionRequest request,
            AdmissionResponse response,
            byte[] answer,
            ReviewMetrics.Counters counters) {}
}
