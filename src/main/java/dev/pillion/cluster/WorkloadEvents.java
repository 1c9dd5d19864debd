package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.Events.Type;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells by Kubernetes Events what became of a workload's Pods, to whoever owns the workload and does not make its Pods. The same is told of the same owner once in ten minutes, and at most five Events a second are sent; what
 * is beyond that, or cannot be sent, is left out, since nothing but a person reads them.
 */
public final class WorkloadEvents implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WorkloadEvents.class);

    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int QUEUE = 256;

    /** How often it succeeds where there is nothing to send. */
    public static final Duration PERIOD = Duration.ofMinutes(1);

    private static final int REMEMBERED = 2_048;

    private final LogOnChange failure = new LogOnChange(LOG, "Events cannot be sent");
    private final Clock clock;
    private volatile Instant lastSuccess;
    private volatile boolean closed;
    private final Events events;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<String, Instant> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Thread sender = Thread.ofPlatform().daemon().name("events").unstarted(this::send);

    /**
     * @param client not closed with it
     * @param instance which of Pillion's replicas tells it
     */
    public WorkloadEvents(KubernetesClient client, String instance, Clock clock) {
        this.clock = clock;
        this.lastSuccess = clock.instant();
        this.events = new Events(client, instance, clock);
        sender.start();
    }

    /**
     * Tells of a Pod's owner, or of the Pod where it has none. Returns at once.
     *
     * @param reason a word in CamelCase, by which Events are searched
     */
    public void warn(JsonNode pod, String namespace, String reason, String message) {
        subject(pod.path("metadata"), namespace).ifPresent(subject -> {
            if (isNews(subject, reason, message)) {
                queue.offer(events.event(subject, Type.WARNING, reason, message));
            }
        });
    }

    private synchronized boolean isNews(ObjectReference subject, String reason, String message) {
        String key = String.join(" ", subject.getNamespace(), subject.getKind(), subject.getName(), reason, message);
        Instant now = clock.instant();
        Instant last = told.get(key);
        if (last != null && last.plus(SILENCE).isAfter(now)) {
            return false;
        }
        told.put(key, now);
        return true;
    }

    /** A Pod that is yet to be named has no name under which an Event could be found. */
    private static Optional<ObjectReference> subject(JsonNode metadata, String namespace) {
        for (JsonNode owner : metadata.path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return Optional.of(reference(owner, namespace));
            }
        }
        String name = metadata.path("name").asText();
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(name)
                        .withNamespace(namespace)
                        .build());
    }

    private static ObjectReference reference(JsonNode owner, String namespace) {
        return new ObjectReferenceBuilder()
                .withApiVersion(owner.path("apiVersion").asText())
                .withKind(owner.path("kind").asText())
                .withName(owner.path("name").asText())
                .withUid(owner.path("uid").asText())
                .withNamespace(namespace)
                .build();
    }

    private void send() {
        while (!closed) {
            try {
                Event event = queue.poll(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    events.send(event);
                    Thread.sleep(PAUSE);
                }
                lastSuccess = clock.instant();
                failure.recovered();
            } catch (KubernetesClientException e) {
                failure.failed(LogOnChange.reason(e, "create on events"));
            } catch (Throwable e) {
                // Also an interrupt: only closing ends this.
                report(e);
            }
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

    /** When an Event was last taken, or there was none to send; when this was made, if neither has been yet. */
    public Instant lastSuccess() {
        return lastSuccess;
    }

    @Override
    public void close() {
        closed = true;
        sender.interrupt();
    }
}
