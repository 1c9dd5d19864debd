package dev.pillion.cluster.event;

import dev.pillion.expression.Excerpt;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** Creates and sends Events, each in the namespace that the API server requires. */
public final class Events {

    /** The limit of the API server (k8s.io/kubernetes, validation of Events). */
    static final int MAX_MESSAGE = 1_024;

    /** For Events about cluster-scoped objects (k8s.io/kubernetes, ValidateEventCreate). */
    private static final String DEFAULT_NAMESPACE = "default";

    private final KubernetesClient client;
    private final String instance;
    private final Clock clock;

    /** The type that {@code kubectl get events} shows. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String value;

        Type(String value) {
            this.value = value;
        }
    }

    /** @param instance the replica that reports the Events */
    public Events(KubernetesClient client, String instance, Clock clock) {
        this.client = client;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * An Event with the current time. It is not sent yet.
     *
     * @param reason in CamelCase, as in {@code kubectl get events --field-selector reason=}
     */
    public Event event(ObjectReference subject, Type type, String reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName("pillion-")
                .withNamespace(Objects.requireNonNullElse(subject.getNamespace(), DEFAULT_NAMESPACE))
                .endMetadata()
                .withInvolvedObject(subject)
                .withType(type.value)
                .withReason(reason)
                .withMessage(Excerpt.sentences(message, MAX_MESSAGE))
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent("pillion")
                .endSource()
                .withReportingComponent("pillion.dev/webhook")
                .withReportingInstance(instance)
                .build();
    }

    /** @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server cannot be reached or rejects the request */
    public void send(Event event) {
        client.v1().events().resource(event).create();
    }
}
