package dev.pillion.server;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import io.smallrye.common.annotation.NonBlocking;
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

    /** Does no I/O, so it may run where the request was read. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @NonBlocking
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

    private static void log(AdmissionRequest request, AdmissionResponse response) {
        if (response.refusal().isPresent()) {
            LOG.infof(
                    "review %s in namespace %s: denied (%s): %s",
                    request.uid(),
                    request.namespace(),
                    response.code(),
                    response.refusal().get().message());
        } else {
            LOG.debugf(
                    "review %s in namespace %s: %s %s",
                    request.uid(), request.namespace(), response.code(), response.profiles());
        }
    }
}
