package dev.pillion.server.catalog;

import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.watch.WatchedResources;
import dev.pillion.server.cluster.ClusterConnection;
import dev.pillion.server.cluster.Election;
import dev.pillion.server.configuration.PillionConfig;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Provides the watch of the cluster's profiles and policies and their synchronization with the catalog, and closes both. */
@ApplicationScoped
class CatalogBeans {

    @Produces
    @Singleton
    CatalogResources resources(
            PillionConfig config,
            ClusterConnection connection,
            CurrentCatalog catalog,
            Election election,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        PillionConfig.Watching watch = config.resources().watch();
        if (watch == PillionConfig.Watching.NEVER) {
            return new CatalogResources.Unwatched("pillion.resources.watch is never");
        }
        boolean needed = watch == PillionConfig.Watching.ALWAYS;
        return switch (connection) {
            case ClusterConnection.None(String reason) -> {
                if (needed) {
                    throw new InvalidClusterException("pillion.resources.watch is always, but " + reason);
                }
                yield new CatalogResources.Unwatched(reason);
            }
            case ClusterConnection.Within within ->
                watched(within.cluster(), catalog, election, meters, version, needed);
        };
    }

    void close(@Disposes CatalogResources resources) {
        if (resources instanceof CatalogResources.Watched known) {
            known.sync().close();
            known.watched().close();
        }
    }

    private static CatalogResources watched(
            Cluster cluster,
            CurrentCatalog catalog,
            Election election,
            MeterRegistry meters,
            String version,
            boolean needed)
            throws InvalidClusterException {
        CatalogSync sync = new CatalogSync(catalog, election, meters);
        WatchedResources watched = new WatchedResources(cluster, "pillion/" + version, sync::changed);
        sync.start(watched);
        CatalogMetrics.register(meters, catalog, watched);
        return new CatalogResources.Watched(watched, sync, needed);
    }
}
