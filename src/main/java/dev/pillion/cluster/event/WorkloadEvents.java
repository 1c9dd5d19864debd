package dev.pillion.cluster.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.LogOnChange;
import dev.pillion.cluster.event.Events.Type;
import dev.pillion.expression.Excerpt;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Reports decisions about a workload's Pods as Kubernetes Events of the workload, because its owner does not create the Pods and so does not see the responses.
 *
 * <p>A review may be forged by anyone who reaches the webhook's port. So an Event is made only for an owner that exists with the uid that
 * the review says, which the sender's thread asks the API server for. Everything is bounded: the same Event is sent for the same owner once in ten
 * minutes, each namespace has a limit, at most five Events a second are sent, messages are cut, and what does not fit into the queue is
 * dropped and counted.
 */
public final class WorkloadEvents implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WorkloadEvents.class);

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int QUEUE = 256;

    /** How often this succeeds if there is nothing to send. */
    public static final Duration PERIOD = Duration.ofMinutes(1);

    private final LogOnChange failure = new LogOnChange(LOG, "Events cannot be sent");
    private final Predicate<String> namespaces;
    private final Clock clock;
    private final Events events;
    private final OwnerLookup owners;
    private final EventLimits limits;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    private final Thread sender = Thread.ofPlatform().daemon().name("events").unstarted(this::sendAll);
    private volatile Instant lastSuccess;
    private volatile boolean closed;

    /** The outcome of an Event. */
    public enum Outcome {
        SENT,
        /** The API server rejected it or could not be reached. */
        FAILED,
        UNKNOWN_NAMESPACE,
        /** The owner does not exist, or could not be looked up. */
        UNKNOWN_OWNER,
        NAMESPACE_LIMIT,
        QUEUE_FULL
    }

    private record Pending(ObjectReference owner, String reason, String message) {}

    /**
     * @param client not closed with this
     * @param instance the replica that reports the Events
     * @param namespaces whether a namespace exists; must not perform I/O
     */
    public WorkloadEvents(KubernetesClient client, String instance, Predicate<String> namespaces, Clock clock) {
        this.namespaces = namespaces;
        this.clock = clock;
        this.lastSuccess = clock.instant();
        this.events = new Events(client, instance, clock);
        this.owners = new OwnerLookup(client);
        this.limits = new EventLimits(clock);
        for (Outcome each : Outcome.values()) {
            outcomes.put(each, new LongAdder());
        }
        sender.start();
    }

    /**
     * Queues an Event for the Pod's controller and returns at once. A Pod without a controller gets no Event: its creator sees the response.
     *
     * @param reason in CamelCase
     */
    public void warn(JsonNode pod, String namespace, String reason, String message) {
        Optional<ObjectReference> owner = OwnerLookup.controllerOf(pod.path("metadata"), namespace);
        if (owner.isEmpty()) {
            return;
        }
        if (!namespaces.test(namespace)) {
            count(Outcome.UNKNOWN_NAMESPACE);
            return;
        }
        Pending pending = new Pending(owner.get(), reason, Excerpt.sentences(message, Events.MAX_MESSAGE));
        switch (limits.take(owner.get(), reason, pending.message())) {
            case SENT_RECENTLY -> {}
            case NAMESPACE_LIMIT -> count(Outcome.NAMESPACE_LIMIT);
            case NEW -> {
                if (!queue.offer(pending)) {
                    limits.forget(owner.get(), reason, pending.message());
                    count(Outcome.QUEUE_FULL);
                }
            }
        }
    }

    /** The number of Events with this outcome. */
    public long total(Outcome outcome) {
        return counter(outcome).sum();
    }

    private void count(Outcome outcome) {
        counter(outcome).increment();
    }

    private LongAdder counter(Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome));
    }

    private void sendAll() {
        while (!closed) {
            try {
                Pending pending = queue.poll(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
                if (pending != null) {
                    send(pending);
                    Thread.sleep(PAUSE);
                }
                lastSuccess = clock.instant();
                failure.recovered();
            } catch (KubernetesClientException e) {
                failure.failed(
                        LogOnChange.reason(
                                e,
                                "create on events, and get on replicasets, statefulsets, daemonsets, jobs and replicationcontrollers"));
            } catch (Throwable e) {
                // Also after an interrupt: only close() ends this thread.
                report(e);
            }
        }
    }

    private void send(Pending pending) throws InterruptedException {
        boolean known = false;
        boolean sent = false;
        try {
            known = owners.exists(pending.owner());
            if (known) {
                events.send(events.event(pending.owner(), Type.WARNING, pending.reason(), pending.message()));
                sent = true;
            }
        } finally {
            count(sent ? Outcome.SENT : known ? Outcome.FAILED : Outcome.UNKNOWN_OWNER);
        }
    }

    private void report(Throwable e) {
        try {
            if (!closed) {
                failure.failed(e);
            }
        } catch (Throwable unloggable) {
            return;
        }
    }

    /** When an Event was last sent or the queue was last empty; the creation of this before that. */
    public Instant lastSuccess() {
        return lastSuccess;
    }

    @Override
    public void close() {
        closed = true;
        sender.interrupt();
    }
}
