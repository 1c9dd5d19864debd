package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.catalog.InstanceName;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Plan.SkippedProfile;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.log.AsyncConsole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Counts reviews and injections, and measures durations. */
@Singleton
public class ReviewMetrics {

    /** From the time of a small decision to 5 s, for which the API server waits. */
    private static final Duration[] DURATIONS = LongStream.of(
                    10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
                    1_000_000, 2_500_000, 5_000_000)
            .mapToObj(microseconds -> Duration.of(microseconds, ChronoUnit.MICROS))
            .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final boolean byNamespace;
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();
    private final Map<Series, Counter> registered = new ConcurrentHashMap<>();

    public ReviewMetrics(MeterRegistry meters, PillionConfig config) {
        this.meters = meters;
        this.byNamespace = config.metrics().byNamespace();
        FunctionCounter.builder("pillion.log.records.dropped", this, metrics -> AsyncConsole.dropped())
                .description("Log records that were dropped because the output was not read fast enough")
                .register(meters);
    }

    /**
     * A counter of a review. The registry would find it only by building and sorting its labels again, for each review.
     *
     * @param values the values of its labels, in the order in which {@link #reviews} and {@link #profiles} name them
     */
    private record Series(String name, List<String> values) {}

    /** The metrics of one kind of response: its duration, the review and each profile in its plan. */
    record Counters(Timer duration, List<Counter> counters) {

        void count(long nanoseconds) {
            duration.record(nanoseconds, TimeUnit.NANOSECONDS);
            for (Counter each : counters) {
                each.increment();
            }
        }
    }

    /** The counters of a response. They also count equal responses from the cache. */
    Counters counters(String webhook, AdmissionRequest request, ReviewOutcome outcome) {
        // The instances of a profile have the same counter, which counts reviews.
        Set<Counter> counters = new LinkedHashSet<>();
        String namespace = byNamespace ? request.namespace() : "";
        counters.add(reviews(webhook, outcome.decision(), outcome.code().toString(), namespace));
        if (outcome.response().patch().isPresent()) {
            for (PlannedProfile planned : outcome.plan().profiles()) {
                counters.add(profiles(
                        "pillion.injections",
                        "Reviews in which a profile was injected",
                        planned.profile().name(),
                        planned.requestedBy(),
                        namespace));
            }
            for (SkippedProfile skipped : outcome.plan().skipped()) {
                counters.add(profiles(
                        "pillion.injections.skipped",
                        "Reviews in which a guard skipped a profile",
                        skipped.profile().name(),
                        skipped.requestedBy(),
                        namespace));
            }
        }
        for (Audited audited : outcome.plan().audited()) {
            counters.add(profiles(
                    "pillion.injections.audited",
                    "Reviews in which a policy in mode Audit would have injected a profile",
                    audited.profile(),
                    audited.requestedBy(),
                    namespace));
        }
        return new Counters(durations.computeIfAbsent(webhook, this::duration), List.copyOf(counters));
    }

    void countMalformed(String webhook) {
        reviews(webhook, "malformed", "malformed-review", "").increment();
    }

    /** Registers the timer of a webhook at startup: that takes milliseconds, for which no review should wait. */
    void register(String webhook) {
        durations.computeIfAbsent(webhook, this::duration);
    }

    Counter cacheHits(String webhook) {
        return Counter.builder("pillion.review.cache.hits")
                .description(
                        "Reviews that come from the same workload as an earlier one and were answered from the cache")
                .tag("webhook", webhook)
                .register(meters);
    }

    private Timer duration(String webhook) {
        return Timer.builder("pillion.review.duration")
                .description("Time to compute a response, without the time for which the review waits")
                .tag("webhook", webhook)
                .serviceLevelObjectives(DURATIONS)
                .register(meters);
    }

    private Counter reviews(String webhook, String decision, String code, String namespace) {
        return registered.computeIfAbsent(
                new Series("pillion.reviews", List.of(webhook, decision, code, namespace)),
                series -> Counter.builder(series.name())
                        .description("Answered reviews, by decision and reason code")
                        .tag("webhook", webhook)
                        .tag("decision", decision)
                        .tag("code", code)
                        .tags(namespaceTag(namespace))
                        .register(meters));
    }

    private Counter profiles(String name, String description, String instance, RequestSource source, String namespace) {
        // Without the name of the instance: Pods choose it, and each would be a series of its own.
        String profile = InstanceName.profileOf(instance);
        Tag policy = PolicyTag.of(source);
        return registered.computeIfAbsent(
                new Series(name, List.of(profile, policy.getValue(), namespace)),
                series -> Counter.builder(series.name())
                        .description(description)
                        .tag("profile", profile)
                        .tags(namespaceTag(namespace).and(policy))
                        .register(meters));
    }

    private Tags namespaceTag(String namespace) {
        return byNamespace ? Tags.of("namespace", namespace) : Tags.empty();
    }
}
