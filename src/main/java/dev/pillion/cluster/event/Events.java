package dev.pillion.cluster.event;

import dev.pillion.expression.Excerpt;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** Events as Pillion writes them, each in the namespace where the API server wants it. */
public final class Events {

    /** The API server takes no more (k8s.io/kubernetes, validation of Events). */
    static final int LONGEST_MESSAGE = 1_024;

    /** For what is in no namespace itself (k8s.io/kubernetes, ValidateEventCreate). */
    private static final String ELSEWHERE = "default";

    private final KubernetesClient client;
    private final String instance;
    private final Clock clock;

    /** As {@code kubectl get events} shows it. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String word;

        Type(String word) {
            this.word = word;
        }
    }

    /** @param instance which of Pillion's replicas tells it */
    public Events(KubernetesClient client, String instance, Clock clock) {
        this.client = client;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * An Event of now, which is not sent yet.
     *
     * @param reason a word in CamelCase, by which Events are searched
     */
    public Event event(ObjectReference subject, Type type, String reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName("pillion-")
                .withNamespace(Objects.requireNonNullElse(subject.getNamespace(), ELSEWHERE))
                .endMetadata()
                .withInvolvedObject(subject)
                .withType(type.word)
                .withReason(reason)
                .withMessage(Excerpt.sentences(message, LONGEST_MESSAGE))
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

    /** @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server is away or refuses */
    public void send(Event event) {
        client.v1().events().resource(event).create();
    }
}
