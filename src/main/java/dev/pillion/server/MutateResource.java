package dev.pillion.server;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.expression.Excerpt;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;

/** Receives the API server's AdmissionReviews. Every decision, a denial too, is answered with 200. */
@Path("/mutate")
public class MutateResource {

    private static final Logger LOG = Logger.getLogger(MutateResource.class);

    private final MutatingWebhook webhook;
    private final ReviewMetrics metrics;

    MutateResource(MutatingWebhook webhook, ReviewMetrics metrics) {
        this.webhook = webhook;
        this.metrics = metrics;
    }

    /** Runs on a worker, so that a Pod that takes long to answer for holds up nobody else's request, handshake or probe. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public Response mutate(byte[] body) {
        long start = System.nanoTime();
        try {
            AdmissionRequest request = ReviewReader.read(body);
            AdmissionResponse response = webhook.review(request);
            metrics.count(response, System.nanoTime() - start);
            log(request, response);
            return Response.ok(ReviewWriter.write(response), MediaType.APPLICATION_JSON_TYPE)
                    .build();
        } catch (MalformedReviewException e) {
            metrics.countMalformed();
            return Response.status(Response.Status.BAD_REQUEST)
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .entity("this is no AdmissionReview: " + e.getMessage() + "\n")
                    .build();
        }
    }

    /** What comes from outside is shown in one line, whatever characters it has. */
    private static void log(AdmissionRequest request, AdmissionResponse response) {
        String uid = Excerpt.visible(Excerpt.of(request.uid()));
        String namespace = Excerpt.visible(Excerpt.of(request.namespace()));
        if (response.refusal().isPresent()) {
            LOG.infof(
                    "review %s in namespace %s: denied: %s",
                    uid, namespace, response.refusal().get().message());
        } else {
            LOG.debugf("review %s in namespace %s: %s %s", uid, namespace, response.code(), response.profiles());
        }
    }
}
