package dev.pillion.server.catalog;

import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Ends each policy within a second of its {@code until}. On a thread of its own, because no slow directory or API server may delay that. */
@Singleton
class PolicyEnds {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final PeriodicTasks tasks;
    private final CurrentCatalog catalog;

    PolicyEnds(CurrentCatalog catalog, MeterRegistry meters) {
        this.catalog = catalog;
        this.tasks = new PeriodicTasks("policy-ends", meters);
    }

    void start(@Observes StartupEvent event) {
        tasks.every(PERIOD, "policy-ends", () -> {
            catalog.endPolicies();
            return true;
        });
    }

    void stop(@Observes ShutdownEvent event) {
        tasks.close();
    }
}
