package dev.pillion.cluster.watch;

import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.WatchHealth;
import dev.pillion.pod.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;

/**
 * The namespaces of a cluster, as last heard of. They are listed and watched in the background, for as long as it takes: a list that is
 * refused or a watch that is lost is tried again, and what is known stays until something newer is.
 */
public final class WatchedNamespaces implements AutoCloseable {

    private final Cluster cluster;
    private final WatchHealth trouble;
    private final NamespaceStore store = new NamespaceStore();
    private final KubernetesClient client;
    private final SupervisedInformer<io.fabric8.kubernetes.api.model.Namespace> informer;
    private volatile boolean synced;

    /**
     * Begins to watch, and does not wait for the first answer.
     *
     * @param userAgent as the API server is to see it in its audit log
     * @throws InvalidClusterException when the credentials cannot be used
     */
    public WatchedNamespaces(Cluster cluster, String userAgent) throws InvalidClusterException {
        this.cluster = cluster;
        this.trouble = new WatchHealth(cluster.url(), "namespaces");
        this.client = cluster.client(userAgent, trouble);
        this.informer = new SupervisedInformer<>(
                () -> client.namespaces()
                        .runnableInformer(0)
                        .removeNamespaceIndex()
                        .itemStore(store),
                trouble::heard,
                () -> synced = true);
        informer.start();
    }

    /** A read of memory; empty for a namespace that was not heard of, or not yet. */
    public Optional<Namespace> find(String name) {
        return store.find(name);
    }

    /** Whether all namespaces have been known since some moment. Once so, it stays so. */
    public boolean synced() {
        return synced;
    }

    /** Why changes are not heard of at present; empty when they are. May lag a moment behind {@link #synced}. */
    public Optional<String> trouble() {
        return trouble.cause();
    }

    /** For how long changes have not been heard of; zero while they are. */
    public Duration lag() {
        return trouble.lag();
    }

    /** Starts another watch if the one there was has ended for good. To be called periodically. */
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
