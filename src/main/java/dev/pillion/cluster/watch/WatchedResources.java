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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The profiles and policies that a cluster has as custom resources, as last heard of. A cluster without their definitions has none, and
 * is asked again until it has them.
 */
public final class WatchedResources implements AutoCloseable {

    private final Cluster cluster;
    private final List<ResourceWatch> watches;
    private final KubernetesClient client;
    private final ResourceReporter reporter;

    /**
     * Begins to watch, and does not wait for the first answer.
     *
     * @param userAgent as the API server is to see it in its audit log
     * @param changed is told whenever another look is worth while, on a thread that must not be held up
     * @throws InvalidClusterException when the credentials cannot be used
     */
    public WatchedResources(Cluster cluster, String userAgent, Runnable changed) throws InvalidClusterException {
        this.cluster = cluster;
        this.watches = List.of(
                new ResourceWatch(Kind.PROFILE, cluster.url(), changed),
                new ResourceWatch(Kind.POLICY, cluster.url(), changed));
        this.client = cluster.client(
                userAgent, watches.stream().map(ResourceWatch::trouble).toArray(Interceptor[]::new));
        this.reporter = new ResourceReporter(client, this::find, Clock.systemUTC());
        watches.forEach(watch -> watch.start(client));
    }

    /** A read of memory. */
    public List<CatalogResource> known() {
        return watches.stream()
                .flatMap(watch -> watch.store().known().stream())
                .map(Known::resource)
                .toList();
    }

    /** Whether all have been known since some moment; or it is known that there can be none, since they are not defined. */
    public boolean settled() {
        return watches.stream()
                .allMatch(watch -> watch.listed() || watch.trouble().absent());
    }

    /** Whether the cluster has the definitions of both kinds, as far as is known. */
    public boolean defined() {
        return watches.stream()
                .allMatch(watch -> watch.listed() && !watch.trouble().absent());
    }

    /** Why changes are not heard of at present; empty when they are. */
    public Optional<String> trouble() {
        return watches.stream()
                .flatMap(watch -> watch.trouble().cause().stream())
                .findFirst();
    }

    /** For how long changes have not been heard of; zero while they are, and while the cluster defines no such resources. */
    public Duration lag(Kind kind) {
        return watches.get(kind.ordinal()).trouble().lag();
    }

    /** Writes into the resources what has become of them, where that is not what they say. Waits for the API server. */
    public boolean report(Map<Id, ResourceStatus> verdicts) {
        return reporter.report(verdicts);
    }

    /** Starts another watch where one has ended for good. To be called periodically. */
    public void check() {
        watches.forEach(ResourceWatch::check);
    }

    public Cluster cluster() {
        return cluster;
    }

    private Optional<Known> find(Id id) {
        return watches.get(id.kind().ordinal()).store().find(id.name());
    }

    @Override
    public void close() {
        watches.forEach(ResourceWatch::close);
        client.close();
    }
}
