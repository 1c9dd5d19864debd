package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ByteRange;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.PodWebhook;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.admission.cache.AnsweredReview;
import dev.pillion.admission.cache.ReviewCache;
import dev.pillion.expression.Excerpt;
import dev.pillion.server.cluster.Namespaces;
import dev.pillion.server.configuration.PillionConfig;
import io.micrometer.core.instrument.Counter;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the body of a request into a reply. */
@Singleton
public class Reviews {

    /** Share of the heap for the cache of each webhook. A usual review takes 40 KiB, so even a small heap has room for hundreds of workloads. */
    private static final int HEAP_SHARE = 24;

    /** A cached review also has its snapshot, request and outcome, which take some five times as much as the response's bytes. */
    private static final int WEIGHT_PER_BYTE = 6;

    private final Namespaces namespaces;
    private final ReviewMetrics metrics;
    private final long cacheBytes;
    private final ReviewSideEffects sideEffects;

    public Reviews(Namespaces namespaces, ReviewMetrics metrics, ReviewSideEffects sideEffects, PillionConfig config) {
        this.namespaces = namespaces;
        this.metrics = metrics;
        this.sideEffects = sideEffects;
        this.cacheBytes = config.reviewCache().enabled() ? Runtime.getRuntime().maxMemory() / HEAP_SHARE : 0;
    }

    /** Answers the reviews of one webhook. */
    public interface Handler {

        /** @param body of the request */
        ReviewReply answer(byte[] body);

        /** Discards cached responses that belong to a catalog or an injector that was replaced. */
        default void dropStale() {}
    }

    /** @param name the webhook's name in metrics */
    Handler uncached(String name, Function<AdmissionRequest, ReviewOutcome> webhook) {
        metrics.register(name);
        return body -> {
            long start = System.nanoTime();
            try {
                AdmissionRequest request = ReviewReader.read(body);
                ReviewOutcome outcome = webhook.apply(request);
                byte[] response = ReviewWriter.write(outcome.response());
                finish(name, request, outcome, metrics.counters(name, request, outcome), start);
                return ReviewReply.review(response);
            } catch (MalformedReviewException e) {
                return malformed(name, e);
            }
        };
    }

    /**
     * A handler with a cache: it answers a review from the cache if it comes from the same workload as an earlier one.
     *
     * @param name the webhook's name in metrics
     */
    public Handler cached(String name, PodWebhook webhook) {
        metrics.register(name);
        return new Cached(name, webhook, metrics.cacheHits(name));
    }

    private final class Cached implements Handler {

        private final String name;
        private final PodWebhook webhook;
        private final Counter hits;
        private final ReviewCache<CachedReview> cache = new ReviewCache<>(cacheBytes);

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
            return fromCache(match, body, start);
        }

        @Override
        public void dropStale() {
            DecisionSnapshot now = webhook.snapshot("");
            cache.retainOnly(now.injector(), now.catalog());
        }

        private boolean isCurrent(CachedReview cached) {
            String namespace = cached.request().namespace();
            return cached.snapshot().isSameAs(webhook.snapshot(namespace)) && !namespaces.isExpected(namespace);
        }

        private ReviewReply fromCache(ReviewCache.Match<CachedReview> match, byte[] body, long start) {
            CachedReview cached = match.value();
            byte[] response =
                    ReviewWriter.withUid(cached.response(), cached.request().uid(), body, match.uid());
            long took = System.nanoTime() - start;
            cached.counters().count(took);
            if (sideEffects.areNeeded(cached.outcome())) {
                sideEffects.report(name, request(match, body), cached.outcome(), took);
            }
            return ReviewReply.review(response);
        }

        /** The request in a review that was found in the cache. */
        private static AdmissionRequest request(ReviewCache.Match<CachedReview> match, byte[] body) {
            AdmissionRequest cached = match.value().request();
            if (match.samePod()) {
                ByteRange uid = match.uid();
                return cached.withUid(new String(body, uid.from(), uid.length(), StandardCharsets.US_ASCII));
            }
            try {
                return ReviewReader.read(body);
            } catch (MalformedReviewException e) {
                throw new IllegalStateException("the cached review has the same form and was read", e);
            }
        }

        private ReviewReply decide(byte[] body, long start) {
            try {
                AdmissionRequest request = ReviewReader.read(body);
                String namespace = request.namespace();
                if (request.isPodCreation()) {
                    namespaces.countReview(namespace);
                    if (namespaces.isExpected(namespace)) {
                        return ReviewReply.retryLater("namespace " + Excerpt.visible(Excerpt.of(namespace))
                                + " was created a moment ago and is not known yet");
                    }
                }
                DecisionSnapshot snapshot = webhook.snapshot(namespace);
                ReviewOutcome outcome = webhook.review(request, snapshot);
                byte[] response = ReviewWriter.write(outcome.response());
                ReviewMetrics.Counters counters = metrics.counters(name, request, outcome);
                // If the catalog was replaced meanwhile, an entry for the old one would discard the entries for the new
                // one.
                if (cache.wants(body, request) && snapshot.isSameAs(webhook.snapshot(namespace))) {
                    CachedReview cached = new CachedReview(
                            snapshot, request.withoutSpec(), outcome.withoutPatchOperations(), response, counters);
                    cache.put(
                            new AnsweredReview(body, request, snapshot, response),
                            webhook,
                            cached,
                            WEIGHT_PER_BYTE * response.length);
                }
                finish(name, request, outcome, counters, start);
                return ReviewReply.review(response);
            } catch (MalformedReviewException e) {
                return malformed(name, e);
            }
        }
    }

    private void finish(
            String name, AdmissionRequest request, ReviewOutcome outcome, ReviewMetrics.Counters counters, long start) {
        long took = System.nanoTime() - start;
        counters.count(took);
        if (sideEffects.areNeeded(outcome)) {
            sideEffects.report(name, request, outcome, took);
        }
    }

    private ReviewReply malformed(String name, MalformedReviewException e) {
        metrics.countMalformed(name);
        return ReviewReply.text(400, "this is not an AdmissionReview: " + e.getMessage());
    }

    /**
     * A review in the cache.
     *
     * @param request without the Pod's spec
     * @param outcome without the patch's operations
     * @param response the bytes that were sent
     */
    private record CachedReview(
            DecisionSnapshot snapshot,
            AdmissionRequest request,
            ReviewOutcome outcome,
            byte[] response,
            ReviewMetrics.Counters counters) {}
}
