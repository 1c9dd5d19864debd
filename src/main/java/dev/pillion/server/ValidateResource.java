package dev.pillion.server;

import dev.pillion.admission.ValidatingWebhook;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Looks at Pods once more when every other webhook has had its say. */
@Path("/validate")
public class ValidateResource {

    private final ValidatingWebhook webhook;
    private final Reviews reviews;

    ValidateResource(ValidatingWebhook webhook, Reviews reviews) {
        this.webhook = webhook;
        this.reviews = reviews;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public Response validate(byte[] body) {
        return reviews.answer("validate", body, webhook::review);
    }
}
