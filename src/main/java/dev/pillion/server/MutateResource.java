package dev.pillion.server;

import dev.pillion.admission.MutatingWebhook;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Gives Pods what they are to have. */
@Path("/mutate")
public class MutateResource {

    private final MutatingWebhook webhook;
    private final Reviews reviews;

    MutateResource(MutatingWebhook webhook, Reviews reviews) {
        this.webhook = webhook;
        this.reviews = reviews;
    }

    /** Runs on a worker, so that a Pod that takes long to answer for holds up nobody else's request, handshake or probe. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public Response mutate(byte[] body) {
        return reviews.answer("mutate", body, webhook::review);
    }
}
