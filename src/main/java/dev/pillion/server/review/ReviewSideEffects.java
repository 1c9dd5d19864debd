package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
import dev.pillion.cluster.LogOnChange;
import dev.pillion.expression.Excerpt;
import dev.pillion.server.cluster.DecisionEvents;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** What Pillion reports about a review beside the answer: log lines, Events and traces. None of them delays the answer. */
@Singleton
public class ReviewSideEffects {

    private static final Logger LOG = Logger.getLogger(ReviewSideEffects.class);

    /** The longest denial in the log, in characters: a message may repeat much of a Pod, and users may send it many times. */
    private static final int LONGEST_MESSAGE = 2_048;

    private final LogOnChange log = new LogOnChange(LOG, "a review cannot be logged, traced or told by an Event");
    private final DecisionEvents events;
    private final ReviewTraces traces;

    public ReviewSideEffects(DecisionEvents events, ReviewTraces traces) {
        this.events = events;
        this.traces = traces;
    }

    /** Whether there is anything to report. */
    boolean has(AdmissionResponse response) {
        return !response.allowed()
                || !response.plan().audited().isEmpty()
                || !(traces instanceof ReviewTraces.Off)
                || LOG.isDebugEnabled();
    }

    /**
     * @param webhook as metrics call it
     * @param nanoseconds that it took
     */
    void of(String webhook, AdmissionRequest request, AdmissionResponse response, long nanoseconds) {
        try {
            tell(webhook, request, response, nanoseconds);
            log.recovered();
        } catch (Throwable e) {
            // The review is decided: a failure to report it must not affect the response.
            log.failed(e);
        }
    }

    private void tell(String webhook, AdmissionRequest request, AdmissionResponse response, long nanoseconds) {
        traces.about(webhook, request, response, nanoseconds);
        if (!response.allowed() || LOG.isDebugEnabled()) {
            log(webhook, request, response);
        }
        events.about(request, response);
    }

    /** What comes from outside is shown in one line, whatever characters it has; structured logs have its parts as fields too. */
    private static void log(String webhook, AdmissionRequest request, AdmissionResponse response) {
        String uid = Excerpt.visible(Excerpt.of(request.uid()));
        String namespace = Excerpt.visible(Excerpt.of(request.namespace()));
        MDC.put("uid", uid);
        MDC.put("namespace", namespace);
        MDC.put("webhook", webhook);
        MDC.put("code", response.code());
        try {
            if (response.refusal().isPresent()) {
                LOG.infof(
                        "review %s in namespace %s: denied: %s",
                        uid,
                        namespace,
                        Excerpt.visible(
                                Excerpt.sentences(response.refusal().get().message(), LONGEST_MESSAGE)));
            } else {
                LOG.debugf(
                        "review %s in namespace %s: %s %s",
                        uid,
                        namespace,
                        response.code(),
                        response.plan().profiles().stream()
                                .map(each -> each.profile().name())
                                .toList());
            }
        } finally {
            MDC.clear();
        }
    }
}
