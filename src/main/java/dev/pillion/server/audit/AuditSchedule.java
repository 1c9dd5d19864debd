package dev.pillion.server.audit;

import dev.pillion.catalog.resource.PinnedGeneration;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.server.catalog.CurrentCatalog;
import dev.pillion.server.cluster.ClusterConnection;
import dev.pillion.server.cluster.CurrentInjector;
import dev.pillion.server.cluster.Election;
import dev.pillion.server.cluster.Namespaces;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Audits the Pods of the cluster periodically on the leader. A replica that is no longer the leader removes its figures within seconds. An
 * audit that fails is repeated after a minute at most.
 */
@Singleton
class AuditSchedule {

    private static final Duration TICK = Duration.ofSeconds(15);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final PeriodicTasks tasks;
    private final BooleanSupplier leading;
    private final Duration period;
    private final Optional<AuditMetrics> export;
    private long due = System.nanoTime();
    private boolean succeeded = true;
    private boolean published;

    AuditSchedule(
            PillionConfig config,
            ClusterConnection connection,
            Election election,
            CurrentInjector injector,
            CurrentCatalog catalog,
            Namespaces namespaces,
            MeterRegistry meters) {
        this.tasks = new PeriodicTasks("audit", meters);
        this.leading = election;
        this.period = config.audit().period();
        this.export = !period.isZero() && connection instanceof ClusterConnection.Within(var cluster, var client)
                ? Optional.of(new AuditMetrics(
                        new ClusterReader(cluster, client),
                        injector,
                        catalog,
                        namespaces,
                        pinned -> dropUnpinned(catalog, namespaces, pinned),
                        meters))
                : Optional.empty();
    }

    void start(@Observes StartupEvent event) {
        export.ifPresent(it -> tasks.every(TICK, "audit", () -> tick(it)));
    }

    /** Nothing is dropped while the namespaces, which can also pin generations, are not known. */
    private static void dropUnpinned(CurrentCatalog catalog, Namespaces namespaces, Set<PinnedGeneration> ofPods) {
        namespaces.all().ifPresent(all -> {
            PinCollector pins = new PinCollector();
            all.forEach(namespace -> pins.add(namespace.annotations()));
            Set<PinnedGeneration> pinned = new HashSet<>(ofPods);
            pinned.addAll(pins.pinned());
            catalog.dropUnpinned(pinned);
        });
    }

    void stop(@Observes ShutdownEvent event) {
        tasks.close();
    }

    /** @return whether the last audit succeeded, also between two audits; always true if this replica is not the leader */
    private boolean tick(AuditMetrics it) {
        if (!leading.getAsBoolean()) {
            if (published) {
                it.clear();
                published = false;
            }
            due = System.nanoTime();
            succeeded = true;
        } else if (System.nanoTime() - due >= 0) {
            // Set first: an audit that throws has failed.
            succeeded = false;
            due = System.nanoTime() + (period.compareTo(RETRY) < 0 ? period : RETRY).toNanos();
            published = true;
            succeeded = it.run();
            if (succeeded) {
                due = System.nanoTime() + period.toNanos();
            }
        }
        return succeeded;
    }
}
