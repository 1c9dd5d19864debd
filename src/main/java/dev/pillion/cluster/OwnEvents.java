package dev.pillion.cluster;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jboss.logging.Logger;

/** Events about Pillion itself, in its own namespace. One that the API server does not take is let go: all is in the log too. */
public final class OwnEvents {

    private static final Logger LOG = Logger.getLogger(OwnEvents.class);
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** As the API server allows (core/v1 validation of events). */
    private static final int LONGEST = 1024;

    private final KubernetesClient client;
    private final String namespace;
    private final String kind;
    private final String name;
    private final String instance;

    /**
     * @param kind of the object that the Events are about, of the core API
     * @param instance which replica says it
     */
    public OwnEvents(KubernetesClient client, String namespace, String kind, String name, String instance) {
        this.client = client;
        this.namespace = namespace;
        this.kind = kind;
        this.name = name;
        this.instance = instance;
    }

    /** @param reason in CamelCase, for machines */
    public void normal(String reason, String message) {
        tell("Normal", reason, message);
    }

    public void warning(String reason, String message) {
        tell("Warning", reason, message);
    }

    private void tell(String type, String reason, String message) {
        Instant now = Instant.now();
        try {
            client.v1()
                    .events()
                    .inNamespace(namespace)
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withGenerateName("pillion-")
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion("v1")
                            .withKind(kind)
                            .withNamespace(namespace)
                            .withName(name)
                            .endInvolvedObject()
                            .withType(type)
                            .withReason(reason)
                            .withAction(reason)
                            .withMessage(message.substring(0, Math.min(LONGEST, message.length())))
                            .withEventTime(new MicroTime(MICROSECONDS.format(now)))
                            .withReportingComponent("pillion")
                            .withReportingInstance(instance)
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            LOG.debugf("an Event was not taken: %s", Complaint.reason(e, "create on events in its own namespace"));
        }
    }
}
