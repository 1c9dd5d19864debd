package dev.pillion.server.catalog;

import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceStatus.State;
import dev.pillion.cluster.watch.WatchedResources;
import dev.pillion.server.cluster.InformerLag;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Metrics of the catalog: its age, its changes and the states of its resources. */
public final class CatalogMetrics {

    private CatalogMetrics() {}

    public static void register(MeterRegistry meters, CurrentCatalog catalog) {
        Gauge.builder(
                        "pillion.catalog.age",
                        catalog,
                        current ->
                                Duration.between(current.since(), Instant.now()).toMillis() / 1_000.0)
                .description("Age of the catalog in force")
                .baseUnit("seconds")
                .register(meters);
        FunctionCounter.builder("pillion.catalog.reloads", catalog, CurrentCatalog::reloads)
                .description("Catalogs that came into force after the first one")
                .register(meters);
        FunctionCounter.builder("pillion.catalog.errors", catalog, CurrentCatalog::errors)
                .description("Changes of a directory or a resource that could not come into force")
                .register(meters);
    }

    public static void register(MeterRegistry meters, CurrentCatalog catalog, WatchedResources watched) {
        for (Kind kind : Kind.values()) {
            for (State state : State.values()) {
                Gauge.builder("pillion.resources", catalog, current -> count(current, kind, state))
                        .description("Profiles and policies of the cluster, by state")
                        .tag("kind", kind.word())
                        .tag("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .register(meters);
            }
            InformerLag.register(meters, kind.plural(), () -> watched.lag(kind));
        }
        Gauge.builder(
                        "pillion.resources.synced",
                        watched,
                        known -> known.problem().isEmpty() ? 1 : 0)
                .description("1 while profiles and policies are watched, 0 while the last known state is used")
                .register(meters);
    }

    private static long count(CurrentCatalog catalog, Kind kind, State state) {
        return catalog.statuses().entrySet().stream()
                .filter(entry ->
                        entry.getKey().kind() == kind && entry.getValue().state() == state)
                .count();
    }
}
