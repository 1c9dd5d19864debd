package dev.pillion.server.review;

import dev.pillion.admission.ResourceWebhook;
import dev.pillion.server.caller.CallerAuthenticator;
import dev.pillion.server.configuration.PillionConfig;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * The path for reviews of profiles and policies, a resource of Jakarta REST (ADR 7). It has no parameter for the body: Jakarta REST would read a body
 * on a worker, which a slow client could occupy, and outside of the limits for all bodies together.
 */
@Path(ResourceReviews.PATH)
// With a proxy: Quarkus creates the filter before the configuration is read.
@ApplicationScoped
@Startup
public class ResourceReviews {

    static final String PATH = "/validate-resources";

    private final CallerAuthenticator callers;
    private final ReviewReceiver receiver;
    private final Reviews.Handler handler;
    private final ReviewWorkers workers;

    public ResourceReviews(
            CallerAuthenticator callers,
            ReviewReceiver receiver,
            Reviews reviews,
            ResourceWebhook webhook,
            LoadShedder shedder,
            PillionConfig config) {
        this.callers = callers;
        this.receiver = receiver;
        this.handler = reviews.uncached("validate-resources", webhook::review);
        // A review of a profile compiles a catalog and may wait for other resources. No Pod may wait for that.
        this.workers = ReviewWorkers.of(shedder, "resource-worker", config);
    }

    @PreDestroy
    void close() {
        workers.close();
    }

    /** Refuses a request because of its sender or its headers. It runs first, so that Jakarta REST answers no other method, such as OPTIONS. */
    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public Optional<Response> refuse(HttpServerRequest request) {
        return receiver.refusal(request, callers).map(reply -> response(request, reply));
    }

    @POST
    @NonBlocking
    public CompletionStage<Response> review(@Context HttpServerRequest request) {
        CompletableFuture<Response> response = new CompletableFuture<>();
        receiver.read(request, handler, workers::add, reply -> response.complete(response(request, reply)));
        return response;
    }

    private Response response(HttpServerRequest request, ReviewReply reply) {
        receiver.endConnectionIfNeeded(request, reply);
        Response.ResponseBuilder response = Response.status(reply.status())
                .type(reply.contentType().toString())
                .entity(reply.body());
        reply.headers().forEach((name, value) -> response.header(name.toString(), value.toString()));
        return response.build();
    }
}
