package dev.pillion.server;

import dev.pillion.admission.AdmissionResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** Counts what was decided, and how long it took. */
@Singleton
class ReviewMetrics {

    private final MeterRegistry meters;

    ReviewMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void count(String webhook, AdmissionResponse response, long nanoseconds) {
        Timer.builder("pillion.review.duration")
                .description("From the body that was read to the response that is written")
                .tag("webhook", webhook)
                .publishPercentileHistogram()
                .register(meters)
                .record(nanoseconds, TimeUnit.NANOSECONDS);
        String decision =
                response.refusal().isPresent() ? "denied" : response.patch().isPresent() ? "injected" : "unchanged";
        reviews(webhook, decision, response.code().toString()).increment();
        if (response.patch().isPresent()) {
            for (String profile : response.profiles()) {
                Counter.builder("pillion.injections")
                        .description("Pods that were given a profile")
                        .tag("profile", profile)
                        .register(meters)
                        .increment();
            }
        }
    }

    void countMalformed(String webhook) {
        reviews(webhook, "malformed", "malformed-review").increment();
    }

    private Counter reviews(String webhook, String decision, String code) {
        return Counter.builder("pillion.reviews")
                .description("Reviews that were answered, by what was decided and why")
                .tag("webhook", webhook)
                .tag("decision", decision)
                .tag("code", code)
                .register(meters);
    }
}
