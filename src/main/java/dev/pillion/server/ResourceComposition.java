package dev.pillion.server;

import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.WatchedResources;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the parts together that feed a cluster's own profiles and policies into the catalog. */
@ApplicationScoped
class ResourceComposition {

    @Produces
    @Singleton
    Resources resources(
            PillionConfig config,
            Surroundings surroundings,
            LiveCatalog catalog,
            Election election,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        PillionConfig.Watching watch = config.resources().watch();
        if (watch == PillionConfig.Watching.NEVER) {
            return new Resources.Unwatched("pillion.resources.watch is never");
        }
        boolean needed = watch == PillionConfig.Watching.ALWAYS;
        return switch (surroundings) {
            case Surroundings.None(String reason) -> {
                if (needed) {
                    throw new InvalidClusterException("pillion.resources.watch is always, but " + reason);
                }
                yield new Resources.Unwatched(reason);
            }
            case Surroundings.Within within -> watched(within.cluster(), catalog, election, meters, version, needed);
        };
    }

    void close(@Disposes Resources resources) {
        if (resources instanceof Resources.Watched known) {
            known.feed().close();
            known.watched().close();
        }
    }

    private static Resources watched(
            Cluster cluster,
            LiveCatalog catalog,
            Election election,
            MeterRegistry meters,
            String version,
            boolean needed)
            throws InvalidClusterException {
        ResourceFeed feed = new ResourceFeed(catalog, election, meters);
        WatchedResources watched = new WatchedResources(cluster, "pillion/" + version, feed::changed);
        feed.start(watched);
        ResourceMetrics.register(meters, catalog, watched);
        return new Resources.Watched(watched, feed, needed);
    }
}
