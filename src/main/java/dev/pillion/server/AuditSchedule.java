package dev.pillion.server;

import dev.pillion.cluster.ClusterReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Has the leader audit the cluster's Pods from time to time, on a thread of its own. A replica that leads no more soon tells no more. */
@Singleton
class AuditSchedule {

    private static final Duration TICK = Duration.ofSeconds(15);

    private final Ticker ticker = new Ticker("audit");
    private final BooleanSupplier leading;
    private final Duration period;
    private final Optional<AuditExport> export;
    private long due = System.nanoTime();
    private boolean told;

    AuditSchedule(
            PillionConfig config,
            Surroundings surroundings,
            Election election,
            LiveInjector injector,
            LiveCatalog catalog,
            Namespaces namespaces,
            MeterRegistry meters) {
        this.leading = election;
        this.period = config.audit().period();
        this.export = !period.isZero() && surroundings instanceof Surroundings.Within(var cluster, var client)
                ? Optional.of(
                        new AuditExport(new ClusterReader(cluster, client), injector, catalog, namespaces, meters))
                : Optional.empty();
    }

    void start(@Observes StartupEvent event) {
        export.ifPresent(it -> ticker.every(TICK, "an audit", () -> tick(it)));
    }

    void stop(@Observes ShutdownEvent event) {
        ticker.close();
    }

    private void tick(AuditExport it) {
        if (!leading.getAsBoolean()) {
            if (told) {
                it.forget();
                told = false;
            }
            due = System.nanoTime();
        } else if (System.nanoTime() - due >= 0) {
            due = System.nanoTime() + period.toNanos();
            it.run();
            told = true;
        }
    }
}
