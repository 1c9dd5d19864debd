package dev.pillion.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A lock by a Lease that logs why the Lease cannot be acquired, and records when it was last requested, answered and renewed. It throws only
 * fabric8's own exception: any other one would end the elector.
 */
final class LoggingLeaseLock implements Lock {

    private static final Logger LOG = Logger.getLogger(Leadership.class);

    /** A Lease with this time has expired, so the first candidate may take it. */
    private static final String LONG_AGO = "2000-01-01T00:00:00.000000Z";

    private final Lock lease;
    private final String namespace;
    private final String name;
    private final LogOnChange log = new LogOnChange(LOG, "the leader cannot be elected");
    private volatile long renewed = System.nanoTime() - Duration.ofDays(1).toNanos();
    private volatile long requested = System.nanoTime();
    private volatile Instant answered = Instant.now();

    /** @param lease the lock of the Lease with this namespace and name */
    LoggingLeaseLock(Lock lease, String namespace, String name) {
        this.lease = lease;
        this.namespace = namespace;
        this.name = name;
    }

    boolean renewedWithin(Duration time) {
        return System.nanoTime() - renewed < time.toNanos();
    }

    /** Whether the Lease was read or written within this time. */
    boolean requestedWithin(Duration time) {
        return System.nanoTime() - requested < time.toNanos();
    }

    /** When the API server last answered; the creation of this, if it has not answered yet. */
    Instant answered() {
        return answered;
    }

    @Override
    public @Nullable LeaderElectionRecord get(KubernetesClient client) {
        return call(client, () -> lease.get(client));
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord wanted) {
        update(client, () -> lease.create(client, wanted));
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord wanted) {
        update(client, () -> lease.update(client, wanted.getHolderIdentity() == null ? released(wanted) : wanted));
    }

    /** Fabric8 omits a null holder from its merge patch, so the API server would keep the old one. */
    private static LeaderElectionRecord released(LeaderElectionRecord record) {
        return new LeaderElectionRecord(
                "",
                record.getLeaseDuration(),
                record.getAcquireTime(),
                record.getRenewTime(),
                record.getLeaderTransitions());
    }

    private void update(KubernetesClient client, Runnable change) {
        // The time before the request, since the Lease counts from the time at the API server.
        long before = System.nanoTime();
        call(client, () -> {
            change.run();
            return true;
        });
        renewed = before;
    }

    private <T extends @Nullable Object> T call(KubernetesClient client, Supplier<T> request) {
        requested = System.nanoTime();
        try {
            T answer = request.get();
            answered = Instant.now();
            log.recovered();
            return answer;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                // Another replica wrote first, or the Lease exists and is empty.
                answered = Instant.now();
                complete(client);
            } else {
                log.failed(LogOnChange.reason(e, "get, create and patch on leases in its own namespace"));
            }
            throw e;
        } catch (Throwable e) {
            if (!complete(client)) {
                log.failed(e);
            }
            throw new KubernetesClientException("the Lease cannot be used", e);
        }
    }

    /**
     * Completes a Lease that someone emptied or created by hand: fabric8 fails on each Lease without one of these fields.
     *
     * @return whether a field was missing
     */
    private boolean complete(KubernetesClient client) {
        try {
            Resource<Lease> resource = client.leases().inNamespace(namespace).withName(name);
            Lease present = resource.get();
            if (present == null || isComplete(present.getSpec())) {
                return false;
            }
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("metadata")
                    .put("resourceVersion", present.getMetadata().getResourceVersion());
            patch.putObject("spec")
                    .put("holderIdentity", "")
                    .put("leaseDurationSeconds", 1)
                    .put("acquireTime", LONG_AGO)
                    .put("renewTime", LONG_AGO)
                    .put("leaseTransitions", 0);
            resource.patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
            LOG.warnf("Lease %s/%s has no holder or times; it is treated as expired", namespace, name);
            return true;
        } catch (KubernetesClientException e) {
            log.failed(LogOnChange.reason(e, "get and patch on leases in its own namespace"));
            return false;
        }
    }

    private static boolean isComplete(@Nullable LeaseSpec spec) {
        return spec != null
                && spec.getLeaseDurationSeconds() != null
                && spec.getAcquireTime() != null
                && spec.getRenewTime() != null
                && spec.getLeaseTransitions() != null;
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
