package dev.pillion.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A Lease as a lock that says why it cannot be had, and knows when it was last had. An elector ends for good on any exception but
 * fabric8's own, so there are no others.
 */
final class WatchedLock implements Lock {

    private final LeaseLock lease;
    private final Complaint complaint =
            new Complaint(Logger.getLogger(Leadership.class), "who leads cannot be settled");
    private volatile long renewed = System.nanoTime() - Duration.ofDays(1).toNanos();

    WatchedLock(LeaseLock lease) {
        this.lease = lease;
    }

    boolean renewedWithin(Duration time) {
        return System.nanoTime() - renewed < time.toNanos();
    }

    @Override
    public @Nullable LeaderElectionRecord get(KubernetesClient client) {
        return heard(() -> lease.get(client));
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord wanted) {
        update(() -> lease.create(client, wanted));
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord wanted) {
        update(() -> lease.update(client, wanted.getHolderIdentity() == null ? released(wanted) : wanted));
    }

    /** Fabric8 leaves an absent holder out of its merge patch, so the API server would keep the old one. */
    private static LeaderElectionRecord released(LeaderElectionRecord record) {
        return new LeaderElectionRecord(
                "",
                record.getLeaseDuration(),
                record.getAcquireTime(),
                record.getRenewTime(),
                record.getLeaderTransitions());
    }

    private void update(Runnable change) {
        // The time before the request: the lease may lapse while its answer is under way.
        long asked = System.nanoTime();
        heard(() -> {
            change.run();
            return true;
        });
        renewed = asked;
    }

    private <T extends @Nullable Object> T heard(Supplier<T> request) {
        try {
            T answer = request.get();
            complaint.isOver();
            return answer;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                complain(e);
            }
            throw e;
        } catch (RuntimeException e) {
            complain(e);
            throw new KubernetesClientException("the lease", e);
        }
    }

    private void complain(RuntimeException failure) {
        complaint.because(Complaint.reason(failure, "get, create and patch on leases in its own namespace"));
    }

    @Override
    public String identity() {
        return lease.identity();
    }

    @Override
    public String describe() {
        return lease.describe();
    }
}
