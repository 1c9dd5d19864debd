package dev.pillion.cluster.event;

import dev.pillion.cluster.LogOnChange;
import dev.pillion.cluster.event.Events.Type;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Sends Events about Pillion itself, in its own namespace. An Event that fails is dropped: the log has the same message. */
public final class OwnEvents {

    private static final Logger LOG = Logger.getLogger(OwnEvents.class);

    private final LogOnChange failure = new LogOnChange(LOG, "Events about Pillion itself cannot be sent");
    private final Events events;
    private final ObjectReference subject;

    /**
     * @param kind of the core API object that the Events are about
     * @param instance the replica that reports the Events
     */
    public OwnEvents(KubernetesClient client, String namespace, String kind, String name, String instance) {
        this.events = new Events(client, instance, Clock.systemUTC());
        this.subject = new ObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind(kind)
                .withNamespace(namespace)
                .withName(name)
                .build();
    }

    /** @param reason in CamelCase */
    public void normal(String reason, String message) {
        send(Type.NORMAL, reason, message);
    }

    public void warning(String reason, String message) {
        send(Type.WARNING, reason, message);
    }

    private void send(Type type, String reason, String message) {
        try {
            events.send(events.event(subject, type, reason, message));
            failure.recovered();
        } catch (KubernetesClientException e) {
            failure.failed(LogOnChange.reason(e, "create on events in its own namespace"));
        } catch (RuntimeException | Error e) {
            // The caller has more to do, and must not fail because of an Event.
            failure.failed(e);
        }
    }
}
