package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
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
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Counts what was decided, and how long it took. */
@Singleton
public class ReviewMetrics {

    /** A decision takes microseconds; the API server waits 5 s. */
    private static final Duration[] DURATIONS = LongStream.of(
                    10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
                    1_000_000, 2_500_000, 5_000_000)
            .mapToObj(microseconds -> Duration.of(microseconds, ChronoUnit.MICROS))
            .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final boolean byNamespace;
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();

    public ReviewMetrics(MeterRegistry meters, PillionConfig config) {
        this.meters = meters;
        this.byNamespace = config.metrics().byNamespace();
        FunctionCounter.builder("pillion.log.records.dropped", this, metrics -> AsyncConsole.dropped())
                .description("Log records that were dropped because the output was not read fast enough")
                .register(meters);
    }

    /** What counts one answer: itself, how long it took, and each profile that it gave. */
    record Counters(Timer duration, List<Counter> counted) {

        void count(long nanoseconds) {
            duration.record(nanoseconds, TimeUnit.NANOSECONDS);
            for (Counter each : counted) {
                each.increment();
            }
        }
    }

    /** The counters of an answer, and of all that are like it. */
    Counters counters(String webhook, AdmissionRequest request, AdmissionResponse response) {
        List<Counter> counted = new ArrayList<>();
        Tags place = byNamespace ? Tags.of("namespace", request.namespace()) : Tags.empty();
        counted.add(reviews(webhook, response.decision(), response.code().toString(), place));
        if (response.patch().isPresent()) {
            for (PlannedProfile given : response.plan().profiles()) {
                counted.add(profiles(
                        "pillion.injections",
                        "Reviews in which a profile was injected",
                        given.profile().name(),
                        given.requestedBy(),
                        place));
            }
            for (SkippedProfile skipped : response.plan().skipped()) {
                counted.add(profiles(
                        "pillion.injections.skipped",
                        "Reviews in which a guard skipped a profile",
                        skipped.profile().name(),
                        skipped.requestedBy(),
                        place));
            }
        }
        for (Audited audited : response.plan().audited()) {
            counted.add(profiles(
                    "pillion.injections.audited",
                    "Reviews in which a policy in mode Audit would have injected a profile",
                    audited.profile(),
                    audited.requestedBy(),
                    place));
        }
        return new Counters(durations.computeIfAbsent(webhook, this::duration), counted);
    }

    void countMalformed(String webhook) {
        reviews(webhook, "malformed", "malformed-review", byNamespace ? Tags.of("namespace", "") : Tags.empty())
                .increment();
    }

    /** Counts a webhook's reviews from none on: what is first counted takes milliseconds, and no review should wait for that. */
    void begin(String webhook) {
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
                .description("Time from the complete body to the response")
                .tag("webhook", webhook)
                .serviceLevelObjectives(DURATIONS)
                .register(meters);
    }

    private Counter reviews(String webhook, String decision, String code, Tags place) {
        return Counter.builder("pillion.reviews")
                .description("Answered reviews, by decision and reason code")
                .tag("webhook", webhook)
                .tag("decision", decision)
                .tag("code", code)
                .tags(place)
                .register(meters);
    }

    private Counter profiles(String name, String description, String profile, RequestSource source, Tags place) {
        return Counter.builder(name)
                .description(description)
                // An instance would be a series of its own, and Pods choose its name.
                .tag("profile", InstanceName.profileOf(profile))
                .tags(place.and(PolicyTag.of(source)))
                .register(meters);
    }
}
