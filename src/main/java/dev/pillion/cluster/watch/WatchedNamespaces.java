package dev.pillion.cluster.watch;

import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.WatchHealth;
import dev.pillion.pod.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * The last known namespaces of a cluster. They are listed and watched in the background. A list or a watch that fails is repeated, and the last
 * known state stays until then.
 */
public final class WatchedNamespaces implements AutoCloseable {

    private final Cluster cluster;
    private final WatchHealth health;
    private final NamespaceStore store = new NamespaceStore();
    private final KubernetesClient client;
    private final SupervisedInformer<io.fabric8.kubernetes.api.model.Namespace> informer;
    private volatile boolean synced;

    /**
     * Starts the watch and does not wait for the first response.
     *
     * @param userAgent for the audit log of the API server
     * @throws InvalidClusterException if the credentials cannot be used
     */
    public WatchedNamespaces(Cluster cluster, String userAgent) throws InvalidClusterException {
        this.cluster = cluster;
        this.health = new WatchHealth(cluster.url(), "namespaces");
        this.client = cluster.client(userAgent, health);
        this.informer = new SupervisedInformer<>(
                () -> client.namespaces()
                        .runnableInformer(0)
                        .removeNamespaceIndex()
                        .itemStore(store),
                health::failed,
                () -> synced = true);
        informer.start();
    }

    /** Reads memory only. Empty for a namespace that is not known, or not known yet. */
    public Optional<Namespace> find(String name) {
        return store.find(name);
    }

    /** All known namespaces. Reads memory only. */
    public Collection<Namespace> known() {
        return store.known();
    }

    /** Whether all namespaces were listed at least once. Never becomes false again. */
    public boolean synced() {
        return synced;
    }

    /** Why no changes are received now; empty while they are. May change a moment after {@link #synced}. */
    public Optional<String> problem() {
        return health.cause();
    }

    /** For how long no changes were received; zero while the watch works. */
    public Duration lag() {
        return health.lag();
    }

    /** Restarts the watch if it has ended. Must be called periodically. */
    public void check() {
        informer.check();
    }

    public int size() {
        return store.size();
    }

    public Cluster cluster() {
        return cluster;
    }

    @Override
    public void close() {
        informer.close();
        client.close();
    }
}
