package dev.pillion.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Which one of several replicas does what only one should do. They contend for a Lease in the background, for as long as it takes;
 * whoever loses it contends again, and whoever closes gives it back, so that the next one need not wait until it lapses.
 */
public final class Leadership implements BooleanSupplier, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Leadership.class);

    // As in Kubernetes' own components (component-base, LeaderElectionConfiguration).
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final String name;
    private final WatchedLock lock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("leadership").factory());
    private volatile boolean leading;
    private volatile boolean closed;
    private @Nullable CompletableFuture<?> contest;

    private Leadership(KubernetesClient client, String namespace, String name, String identity) {
        this.client = client;
        this.name = name;
        this.lock = new WatchedLock(new LeaseLock(namespace, name, identity));
    }

    /**
     * Begins to contend, and does not wait for the outcome.
     *
     * @param client used only for this, and not closed with it
     * @param name of the Lease
     * @param identity of this replica, different from that of all others
     */
    public static Leadership contend(KubernetesClient client, String namespace, String name, String identity) {
        Leadership leadership = new Leadership(client, namespace, name, identity);
        leadership.contend();
        return leadership;
    }

    /** Whether this replica leads. Also false when it could not renew its lease in time, whatever it has heard. */
    public boolean held() {
        return leading && lock.renewedWithin(LEASE);
    }

    @Override
    public boolean getAsBoolean() {
        return held();
    }

    private synchronized void contend() {
        if (closed) {
            return;
        }
        LeaderElector elector = new LeaderElectorBuilder(client, thread)
                .withConfig(new LeaderElectionConfig(
                        lock,
                        LEASE,
                        RENEW_DEADLINE,
                        RETRY,
                        new LeaderCallbacks(this::started, this::stopped, this::heardOf),
                        true,
                        name))
                .build();
        contest = elector.start();
        // An elector that has lost is used up.
        contest.whenComplete((none, failure) -> {
            if (!closed) {
                thread.execute(this::contend);
            }
        });
    }

    private void started() {
        leading = true;
        LOG.infof("this replica leads, as %s", lock.identity());
    }

    private void stopped() {
        if (leading) {
            leading = false;
            LOG.info("this replica no longer leads");
        }
    }

    private void heardOf(@Nullable String leader) {
        if (!Objects.requireNonNullElse(leader, "").isEmpty()
                && !lock.identity().equals(leader)) {
            LOG.infof("%s leads", leader);
        }
    }

    /** Gives the lease back, if it is held. */
    @Override
    public void close() {
        closed = true;
        CompletableFuture<?> last;
        synchronized (this) {
            last = contest;
        }
        if (last != null) {
            last.cancel(true);
        }
        leading = false;
        thread.shutdown();
    }
}
