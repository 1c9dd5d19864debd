package dev.pillion.server;

import dev.pillion.cluster.Capabilities;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.WatchedNamespaces;
import dev.pillion.cluster.WorkloadEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the parts together that have to do with a cluster, where there is one. Where there is none, no client is made. */
@ApplicationScoped
class ClusterComposition {

    @Produces
    @Singleton
    Namespaces namespaces(
            PillionConfig config,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        return switch (config.cluster().watch()) {
            case NEVER -> new Namespaces.Unwatched("pillion.cluster.watch is never");
            case AUTO -> {
                Optional<Cluster> cluster = cluster(config);
                yield cluster.isPresent()
                        ? watched(cluster.get(), meters, version)
                        : new Namespaces.Unwatched("this is no Pod with a ServiceAccount, and no kubeconfig was given");
            }
            case ALWAYS ->
                watched(
                        cluster(config)
                                .orElseThrow(() -> new InvalidClusterException(
                                        "pillion.cluster.watch is always, but this is no Pod with a ServiceAccount;"
                                                + " set pillion.cluster.kubeconfig or --kubeconfig")),
                        meters,
                        version);
        };
    }

    void close(@Disposes Namespaces namespaces) {
        if (namespaces instanceof Namespaces.Watched known) {
            known.watched().close();
        }
    }

    /** With a cluster to ask, its version tells; without one, or where the operator says so, nobody is asked. */
    @Produces
    @Singleton
    NativeSidecars nativeSidecars(
            PillionConfig config, @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        return switch (config.nativeSidecars()) {
            case NATIVE -> new NativeSidecars.Assumed(true);
            case CONTAINER -> new NativeSidecars.Assumed(false);
            case AUTO -> {
                Optional<Cluster> cluster = watched(config);
                yield cluster.isEmpty()
                        ? new NativeSidecars.Assumed(true)
                        : new NativeSidecars.Discovered(
                                new Capabilities(new ClusterReader(cluster.get(), "pillion/" + version)));
            }
        };
    }

    void close(@Disposes NativeSidecars sidecars) {
        if (sidecars instanceof NativeSidecars.Discovered(Capabilities capabilities)) {
            capabilities.close();
        }
    }

    @Produces
    @Singleton
    DecisionEvents decisionEvents(
            PillionConfig config, @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        Optional<Cluster> cluster = watched(config);
        return config.cluster().events() && cluster.isPresent()
                ? new DecisionEvents.Told(new WorkloadEvents(
                        cluster.get(), "pillion/" + version, config.ownPod().orElse("pillion"), Clock.systemUTC()))
                : new DecisionEvents.Silent();
    }

    void close(@Disposes DecisionEvents events) {
        if (events instanceof DecisionEvents.Told(WorkloadEvents told)) {
            told.close();
        }
    }

    /** The cluster that is asked and told things of its own accord. */
    static Optional<Cluster> watched(PillionConfig config) throws InvalidClusterException {
        return config.cluster().watch() == PillionConfig.Watching.NEVER ? Optional.empty() : cluster(config);
    }

    /** The cluster of the kubeconfig, or else the one around this process, if there is one. */
    static Optional<Cluster> cluster(PillionConfig config) throws InvalidClusterException {
        return config.cluster().kubeconfig().isPresent()
                ? Optional.of(Cluster.of(config.cluster().kubeconfig().get()))
                : Cluster.around();
    }

    private static Namespaces watched(Cluster cluster, MeterRegistry meters, String version)
            throws InvalidClusterException {
        WatchedNamespaces watched = new WatchedNamespaces(cluster, "pillion/" + version);
        Gauge.builder("pillion.namespaces", watched, WatchedNamespaces::size)
                .description("Namespaces whose labels and annotations are known")
                .register(meters);
        Gauge.builder(
                        "pillion.namespaces.synced",
                        watched,
                        known -> known.trouble().isEmpty() ? 1 : 0)
                .description("1 while namespaces are watched, 0 before they are and while what was last known serves")
                .register(meters);
        InformerLag.register(meters, "namespaces", watched::lag);
        return new Namespaces.Watched(
                watched,
                Counter.builder("pillion.namespace.unknown")
                        .description(
                                "Reviews in a namespace that was not known yet; the API server is told to ask again, unless it is away")
                        .register(meters));
    }
}
