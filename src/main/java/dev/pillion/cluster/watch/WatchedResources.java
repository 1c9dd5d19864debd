package dev.pillion.cluster.watch;

import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceStatus;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.watch.ResourceStore.Known;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The last known profiles and policies of a cluster. A cluster without their CustomResourceDefinitions has none, and is asked again until it has
 * them.
 */
public final class WatchedResources implements AutoCloseable {

    private final Cluster cluster;
    private final Map<Kind, ResourceWatch> watches = new EnumMap<>(Kind.class);
    private final KubernetesClient client;
    private final ResourceReporter reporter;

    /**
     * Starts the watches and does not wait for the first response.
     *
     * @param userAgent for the audit log of the API server
     * @param changed runs after each change, on a thread that must not be blocked
     * @throws InvalidClusterException if the credentials cannot be used
     */
    public WatchedResources(Cluster cluster, String userAgent, Runnable changed) throws InvalidClusterException {
        this.cluster = cluster;
        for (Kind kind : Kind.values()) {
            watches.put(kind, new ResourceWatch(kind, cluster.url(), changed));
        }
        this.client = cluster.client(
                userAgent, watches.values().stream().map(ResourceWatch::health).toArray(Interceptor[]::new));
        this.reporter = new ResourceReporter(client, this::find, Clock.systemUTC());
        watches.values().forEach(watch -> watch.start(client));
    }

    /** Reads memory only. */
    public List<CatalogResource> known() {
        return watches.values().stream()
                .flatMap(watch -> watch.store().known().stream())
                .map(Known::resource)
                .toList();
    }

    /** Whether each kind was listed at least once, or the cluster is known not to define it. */
    public boolean settled() {
        return watches.values().stream()
                .allMatch(watch -> watch.listed() || watch.health().absent());
    }

    /** Whether the cluster defines both kinds, as far as is known. */
    public boolean defined() {
        return watches.values().stream()
                .allMatch(watch -> watch.listed() && !watch.health().absent());
    }

    /** Why no changes are received now; empty while they are. */
    public Optional<String> problem() {
        return watches.values().stream()
                .flatMap(watch -> watch.health().cause().stream())
                .findFirst();
    }

    /** For how long no changes were received; zero while the watch works and while the cluster does not define the kind. */
    public Duration lag(Kind kind) {
        return watch(kind).health().lag();
    }

    /**
     * Updates the status of each resource that differs from this. Waits for the API server.
     *
     * @return whether the API server took all updates
     */
    public boolean report(Map<Id, ResourceStatus> statuses) {
        return reporter.report(statuses);
    }

    /** Restarts watches that have ended. Must be called periodically. */
    public void check() {
        watches.values().forEach(ResourceWatch::check);
    }

    public Cluster cluster() {
        return cluster;
    }

    private ResourceWatch watch(Kind kind) {
        return Objects.requireNonNull(watches.get(kind));
    }

    private Optional<Known> find(Id id) {
        return watch(id.kind()).store().find(id.name());
    }

    @Override
    public void close() {
        watches.values().forEach(ResourceWatch::close);
        client.close();
    }
}
