package dev.pillion.server.cluster;

import dev.pillion.cluster.Capabilities;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.event.WorkloadEvents;
import dev.pillion.cluster.watch.WatchedNamespaces;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.task.TaskMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Provides everything that needs the cluster. Opens the shared client and closes it. Each watch has its own client. */
@ApplicationScoped
class ClusterBeans {

    /** The cluster of the kubeconfig; without one, the cluster in which this process runs. */
    @Produces
    @Singleton
    ClusterConnection connection(
            PillionConfig config, @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        PillionConfig.Watching watch = config.cluster().watch();
        if (watch == PillionConfig.Watching.NEVER) {
            return new ClusterConnection.None("pillion.cluster.watch is never");
        }
        Optional<Cluster> cluster = config.cluster().kubeconfig().isPresent()
                ? Optional.of(Cluster.of(config.cluster().kubeconfig().get()))
                : Cluster.around();
        if (cluster.isPresent()) {
            return new ClusterConnection.Within(cluster.get(), cluster.get().client("pillion/" + version));
        }
        if (watch == PillionConfig.Watching.ALWAYS) {
            throw new InvalidClusterException(
                    "pillion.cluster.watch is always, but Pillion does not run in a Pod with a ServiceAccount;"
                            + " set pillion.cluster.kubeconfig or --kubeconfig");
        }
        return new ClusterConnection.None(
                "Pillion does not run in a Pod with a ServiceAccount, and no kubeconfig is set");
    }

    void close(@Disposes ClusterConnection connection) {
        if (connection instanceof ClusterConnection.Within within) {
            within.client().close();
        }
    }

    @Produces
    @Singleton
    Namespaces namespaces(
            ClusterConnection connection,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidClusterException {
        return switch (connection) {
            case ClusterConnection.None(String reason) -> new Namespaces.Unwatched(reason);
            case ClusterConnection.Within within -> watched(within.cluster(), meters, version);
        };
    }

    void close(@Disposes Namespaces namespaces) {
        if (namespaces instanceof Namespaces.Watched known) {
            known.watched().close();
        }
    }

    /** Read from the cluster, unless there is none or the configuration says otherwise. */
    @Produces
    @Singleton
    NativeSidecars nativeSidecars(PillionConfig config, ClusterConnection connection) {
        return switch (config.nativeSidecars()) {
            case NATIVE -> new NativeSidecars.Assumed(true);
            case CONTAINER -> new NativeSidecars.Assumed(false);
            case AUTO ->
                switch (connection) {
                    case ClusterConnection.None _ -> new NativeSidecars.Assumed(true);
                    case ClusterConnection.Within(Cluster cluster, KubernetesClient client) ->
                        new NativeSidecars.Discovered(new Capabilities(new ClusterReader(cluster, client)));
                };
        };
    }

    @Produces
    @Singleton
    DecisionEvents decisionEvents(
            PillionConfig config, ClusterConnection connection, Namespaces namespaces, MeterRegistry meters) {
        if (!config.cluster().events() || !(connection instanceof ClusterConnection.Within within)) {
            return new DecisionEvents.Off();
        }
        WorkloadEvents events = new WorkloadEvents(
                within.client(), config.ownPod().orElse("pillion"), namespaces::mayExist, Clock.systemUTC());
        for (WorkloadEvents.Outcome outcome : WorkloadEvents.Outcome.values()) {
            FunctionCounter.builder("pillion.events", events, each -> each.total(outcome))
                    .description("Events about denials and audits, by outcome")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .register(meters);
        }
        TaskMetrics.register(meters, "workload-events", () -> WorkloadEvents.PERIOD, events::lastSuccess);
        return new DecisionEvents.On(events);
    }

    void close(@Disposes DecisionEvents events) {
        if (events instanceof DecisionEvents.On(WorkloadEvents workloadEvents)) {
            workloadEvents.close();
        }
    }

    private static Namespaces watched(Cluster cluster, MeterRegistry meters, String version)
            throws InvalidClusterException {
        WatchedNamespaces watched = new WatchedNamespaces(cluster, "pillion/" + version);
        Gauge.builder("pillion.namespaces", watched, WatchedNamespaces::size)
                .description("Known namespaces")
                .register(meters);
        Gauge.builder(
                        "pillion.namespaces.synced",
                        watched,
                        known -> known.problem().isEmpty() ? 1 : 0)
                .description("1 while namespaces are watched, 0 while the last known state is used")
                .register(meters);
        InformerLag.register(meters, "namespaces", watched::lag);
        return new Namespaces.Watched(
                watched,
                Counter.builder("pillion.unknown.namespace.reviews")
                        .description("Reviews in a namespace that was not known yet")
                        .register(meters));
    }
}
