package dev.pillion.server;

import dev.pillion.admission.ResourceWebhook;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Looks at profiles and policies before they are stored. */
@Path("/validate-resources")
public class ValidateResourcesResource {

    private final ResourceWebhook webhook;
    private final Reviews reviews;

    ValidateResourcesResource(ResourceWebhook webhook, Reviews reviews) {
        this.webhook = webhook;
        this.reviews = reviews;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public Response validate(byte[] body) {
        return reviews.answer("validate-resources", body, webhook::review);
    }
}
