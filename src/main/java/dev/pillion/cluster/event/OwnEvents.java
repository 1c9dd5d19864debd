package dev.pillion.cluster.event;

import dev.pillion.cluster.LogOnChange;
import dev.pillion.cluster.event.Events.Type;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Events about Pillion itself, in its own namespace. One that the API server does not take is let go: all is in the log too. */
public final class OwnEvents {

    private static final Logger LOG = Logger.getLogger(OwnEvents.class);

    private final LogOnChange failure = new LogOnChange(LOG, "Events about Pillion itself cannot be sent");
    private final Events events;
    private final ObjectReference subject;

    /**
     * @param kind of the object that the Events are about, of the core API
     * @param instance which replica says it
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

    /** @param reason in CamelCase, for machines */
    public void normal(String reason, String message) {
        tell(Type.NORMAL, reason, message);
    }

    public void warning(String reason, String message) {
        tell(Type.WARNING, reason, message);
    }

    private void tell(Type type, String reason, String message) {
        try {
            events.send(events.event(subject, type, reason, message));
            failure.recovered();
        } catch (KubernetesClientException e) {
            failure.failed(LogOnChange.reason(e, "create on events in its own namespace"));
        } catch (RuntimeException | Error e) {
            // What it tells of has been done, and more may have to be.
            failure.failed(e);
        }
    }
}
