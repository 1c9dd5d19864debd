package dev.pillion.server;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.expression.Excerpt;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Takes reviews from the API server and gives it the answers. Every decision, a denial too, is answered with 200. */
@Singleton
class Reviews {

    private static final Logger LOG = Logger.getLogger(Reviews.class);

    private final Namespaces namespaces;
    private final ReviewMetrics metrics;
    private final DecisionEvents events;
    private final ReviewTraces traces;

    Reviews(Namespaces namespaces, ReviewMetrics metrics, DecisionEvents events, ReviewTraces traces) {
        this.namespaces = namespaces;
        this.metrics = metrics;
        this.events = events;
        this.traces = traces;
    }

    /** @param webhook as metrics call it */
    Response answer(String webhook, byte[] body, Function<AdmissionRequest, AdmissionResponse> decision) {
        long start = System.nanoTime();
        try {
            AdmissionRequest request = ReviewReader.read(body);
            if (request.createsPod() && namespaces.expects(request.namespace())) {
                return comeAgain(request);
            }
            AdmissionResponse response = decision.apply(request);
            long took = System.nanoTime() - start;
            metrics.count(webhook, request, response, took);
            traces.about(webhook, request, response, took);
            log(webhook, request, response);
            events.about(request, response);
            return Response.ok(ReviewWriter.write(response), MediaType.APPLICATION_JSON_TYPE)
                    .build();
        } catch (MalformedReviewException e) {
            metrics.countMalformed(webhook);
            return Response.status(Response.Status.BAD_REQUEST)
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .entity("this is no AdmissionReview: " + e.getMessage() + "\n")
                    .build();
        }
    }

    /** The API server waits a second and asks again, as long as the webhook's timeout lasts (apiserver's webhook client, Retry-After). */
    private static Response comeAgain(AdmissionRequest request) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, 1)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity("namespace " + Excerpt.visible(Excerpt.of(request.namespace()))
                        + " was made a moment ago and is not known yet\n")
                .build();
    }

    /** What comes from outside is shown in one line, whatever characters it has; structured logs have its parts as fields too. */
    private static void log(String webhook, AdmissionRequest request, AdmissionResponse response) {
        boolean denied = response.refusal().isPresent();
        if (!denied && !LOG.isDebugEnabled()) {
            return;
        }
        String uid = Excerpt.visible(Excerpt.of(request.uid()));
        String namespace = Excerpt.visible(Excerpt.of(request.namespace()));
        MDC.put("uid", uid);
        MDC.put("namespace", namespace);
        MDC.put("webhook", webhook);
        MDC.put("code", response.code());
        try {
            if (denied) {
                LOG.infof(
                        "review %s in namespace %s: denied: %s",
                        uid, namespace, Excerpt.visible(response.refusal().get().message()));
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
