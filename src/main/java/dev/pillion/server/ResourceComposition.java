package dev.pillion.server;

import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.WatchedResources;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the parts together that feed a cluster's own profiles and policies into the catalog. */
@ApplicationScoped
class ResourceComposition {

    @Produces
    @Singleton
    Resources resources(
            PillionConfig config,
            LiveCatalog catalog,
            Election election,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        return switch (config.resources().watch()) {
            case NEVER -> new Resources.Unwatched("pillion.resources.watch is never");
            case AUTO -> {
                if (config.cluster().watch() == PillionConfig.Watching.NEVER) {
                    yield new Resources.Unwatched("pillion.cluster.watch is never");
                }
                Optional<Cluster> cluster = ClusterComposition.cluster(config);
                yield cluster.isPresent()
                        ? watched(cluster.get(), catalog, election, meters, version, false)
                        : new Resources.Unwatched("this is no Pod with a ServiceAccount, and no kubeconfig was given");
            }
            case ALWAYS ->
                watched(
                        ClusterComposition.cluster(config)
                                .orElseThrow(() -> new InvalidClusterException(
                                        "pillion.resources.watch is always, but this is no Pod with a ServiceAccount;"
                                                + " set pillion.cluster.kubeconfig or --kubeconfig")),
                        catalog,
                        election,
                        meters,
                        version,
                        true);
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
        ResourceFeed feed = new ResourceFeed(catalog, election);
        WatchedResources watched = new WatchedResources(cluster, "pillion/" + version, feed::changed);
        feed.start(watched);
        ResourceMetrics.register(meters, catalog, watched);
        return new Resources.Watched(watched, feed, needed);
    }
}
