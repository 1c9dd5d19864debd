package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.cluster.LogOnChange;
import dev.pillion.expression.Excerpt;
import dev.pillion.server.cluster.DecisionEvents;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Log lines, Events and traces of a review. None of them delays the response. */
@Singleton
public class ReviewSideEffects {

    private static final Logger LOG = Logger.getLogger(ReviewSideEffects.class);

    /** The longest denial in the log, in characters: a message may repeat much of a Pod, and users may send it many times. */
    private static final int MAX_MESSAGE = 2_048;

    private final LogOnChange log = new LogOnChange(LOG, "a review cannot be reported by log lines, traces or Events");
    private final DecisionEvents events;
    private final ReviewTraces traces;

    public ReviewSideEffects(DecisionEvents events, ReviewTraces traces) {
        this.events = events;
        this.traces = traces;
    }

    /** Whether there is anything to report. */
    boolean areNeeded(ReviewOutcome outcome) {
        return !outcome.response().isAllowed()
                || !outcome.plan().audited().isEmpty()
                || !(traces instanceof ReviewTraces.Off)
                || LOG.isDebugEnabled();
    }

    /**
     * Reports one review.
     *
     * @param webhook its name in metrics
     * @param nanoseconds how long the review took
     */
    void report(String webhook, AdmissionRequest request, ReviewOutcome outcome, long nanoseconds) {
        try {
            reportAll(webhook, request, outcome, nanoseconds);
            log.recovered();
        } catch (Throwable e) {
            // The response is ready: a failure to report it must not affect it.
            log.failed(e);
        }
    }

    private void reportAll(String webhook, AdmissionRequest request, ReviewOutcome outcome, long nanoseconds) {
        traces.export(webhook, request, outcome, nanoseconds);
        if (!outcome.response().isAllowed() || LOG.isDebugEnabled()) {
            log(webhook, request, outcome);
        }
        events.send(request, outcome);
    }

    /** Values from the request are shown in one line, with control characters made visible. Structured logs also have them as fields. */
    private static void log(String webhook, AdmissionRequest request, ReviewOutcome outcome) {
        String uid = Excerpt.visible(Excerpt.of(request.uid()));
        String namespace = Excerpt.visible(Excerpt.of(request.namespace()));
        MDC.put("uid", uid);
        MDC.put("namespace", namespace);
        MDC.put("webhook", webhook);
        MDC.put("code", outcome.code());
        try {
            if (outcome.response().denial().isPresent()) {
                LOG.infof(
                        "review %s in namespace %s: denied: %s",
                        uid,
                        namespace,
                        Excerpt.visible(Excerpt.sentences(
                                outcome.response().denial().get().message(), MAX_MESSAGE)));
            } else {
                LOG.debugf(
                        "review %s in namespace %s: %s %s",
                        uid,
                        namespace,
                        outcome.code(),
                        outcome.plan().profiles().stream()
                                .map(each -> each.profile().name())
                                .toList());
            }
        } finally {
            MDC.clear();
        }
    }
}
