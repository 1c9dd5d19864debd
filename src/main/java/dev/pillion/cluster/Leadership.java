package dev.pillion.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Leader election among the replicas by a Lease. A replica that loses the Lease tries to get it again. A replica that stops releases the Lease, so
 * that another one need not wait until it expires.
 *
 * <p>Fabric8's elector can end without notice. A second thread detects that it no longer requests the Lease, and starts another one.
 */
public final class Leadership implements BooleanSupplier, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Leadership.class);

    // As in Kubernetes' own components (component-base, LeaderElectionConfiguration).
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

    /** The time between two requests for the Lease. */
    public static final Duration RETRY = Duration.ofSeconds(2);

    /** Longer than a request with all its retries. */
    private static final Duration STALLED = Duration.ofMinutes(2);

    private final KubernetesClient client;
    private final String name;
    private final LoggingLeaseLock lock;
    private final Duration stalled;
    private final LogOnChange log = new LogOnChange(LOG, "the leader election has stopped and is started again");
    private final ScheduledThreadPoolExecutor supervisor = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name("leadership-supervisor").factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    private ExecutorService thread = newThread();
    private volatile boolean leading;
    private volatile boolean closed;
    private @Nullable CompletableFuture<?> contest;

    private Leadership(KubernetesClient client, String name, LoggingLeaseLock lock, Duration stalled) {
        this.client = client;
        this.name = name;
        this.lock = lock;
        this.stalled = stalled;
    }

    /**
     * Starts the election in the background and returns at once.
     *
     * @param client not closed with this
     * @param name of the Lease
     * @param identity of this replica, different from that of all others
     */
    public static Leadership contend(KubernetesClient client, String namespace, String name, String identity) {
        return contend(client, namespace, name, new LeaseLock(namespace, name, identity), STALLED);
    }

    /** @param stalled the elector is replaced if it has not requested the Lease for so long */
    static Leadership contend(KubernetesClient client, String namespace, String name, Lock lease, Duration stalled) {
        Leadership leadership = new Leadership(client, name, new LoggingLeaseLock(lease, namespace, name), stalled);
        leadership.contend();
        leadership.supervisor.scheduleWithFixedDelay(
                leadership::supervise, stalled.toMillis(), stalled.toMillis(), TimeUnit.MILLISECONDS);
        return leadership;
    }

    private static ExecutorService newThread() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("leadership").factory());
    }

    /** Whether this replica is the leader. False if it could not renew the Lease in time, even if the elector has not noticed. */
    public boolean held() {
        return leading && lock.renewedWithin(LEASE);
    }

    @Override
    public boolean getAsBoolean() {
        return held();
    }

    /** When the API server last answered a request for the Lease; the start of this, if it has not answered yet. */
    public Instant lastAnswer() {
        return lock.answered();
    }

    private synchronized void contend() {
        if (closed || (contest != null && !contest.isDone())) {
            return;
        }
        LeaderElector elector = new LeaderElectorBuilder(client, thread)
                .withConfig(new LeaderElectionConfig(
                        lock,
                        LEASE,
                        RENEW_DEADLINE,
                        RETRY,
                        new LeaderCallbacks(this::started, this::stopped, this::leaderChanged),
                        true,
                        name))
                .build();
        contest = elector.start();
        // An elector ends when it loses the Lease.
        contest.whenComplete((none, failure) -> supervisor.execute(this::contendAgain));
    }

    private void contendAgain() {
        try {
            contend();
        } catch (Throwable e) {
            // The supervisor starts another.
            log.failed(e);
        }
    }

    private void supervise() {
        try {
            if (closed || lock.requestedWithin(stalled)) {
                log.recovered();
                return;
            }
            log.failed("the Lease has not been requested for " + stalled.toSeconds() + " s");
            leading = false;
            CompletableFuture<?> last;
            synchronized (this) {
                last = contest;
                contest = null;
                // The old thread may wait forever.
                thread.shutdownNow();
                thread = newThread();
            }
            if (last != null) {
                last.cancel(true);
            }
            contend();
        } catch (Throwable e) {
            log.failed(e);
        }
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

    private void leaderChanged(@Nullable String leader) {
        if (!Objects.requireNonNullElse(leader, "").isEmpty()
                && !lock.identity().equals(leader)) {
            LOG.infof("%s leads", leader);
        }
    }

    /** Releases the Lease if this replica holds it. */
    @Override
    public void close() {
        closed = true;
        supervisor.shutdownNow();
        CompletableFuture<?> last;
        ExecutorService running;
        synchronized (this) {
            last = contest;
            running = thread;
        }
        if (last != null) {
            last.cancel(true);
        }
        leading = false;
        running.shutdown();
    }
}
