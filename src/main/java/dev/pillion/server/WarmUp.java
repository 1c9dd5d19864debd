package dev.pillion.server;

import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ValidatingWebhook;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.pod.Namespace;
import dev.pillion.server.cluster.CurrentInjector;
import dev.pillion.server.cluster.DecisionEvents;
import dev.pillion.server.cluster.Namespaces;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.http.HttpsTls;
import dev.pillion.server.review.ReviewMetrics;
import dev.pillion.server.review.ReviewRoutes;
import dev.pillion.server.review.ReviewSideEffects;
import dev.pillion.server.review.ReviewTraces;
import dev.pillion.server.review.Reviews;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Sends reviews to this server before it reports that it is ready: the first handshake and the first review of a new JVM take a second, for which no
 * Pod should wait. The reviews use TLS and a random path, which is removed afterwards. They are not counted.
 *
 * <p>Over 200 lines because the server, the client and the reviews of the warm-up belong together.
 */
@Readiness
@Singleton
class WarmUp implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(WarmUp.class);

    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 4;

    /** Sent on a busy node too: two workloads for each connection. The first reviews of a JVM take up to a hundred times as long as later ones. */
    private static final int MIN_REVIEWS = 24;

    /** The connection that sends its reviews to the validating webhook. */
    private static final int VALIDATING_CONNECTION = 3;

    private static final String REVIEW = text();

    private final Vertx vertx;
    private final HttpServer server;
    private final ReviewRoutes routes;
    private final PillionConfig config;
    private final CurrentInjector injector;
    private final int managementPort;
    private final CompletableFuture<Router> router = new CompletableFuture<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean done;

    WarmUp(
            Vertx vertx,
            HttpServer server,
            ReviewRoutes routes,
            PillionConfig config,
            CurrentInjector injector,
            @ConfigProperty(name = "quarkus.management.port") int managementPort) {
        this.vertx = vertx;
        this.server = server;
        this.routes = routes;
        this.config = config;
        this.injector = injector;
        this.managementPort = managementPort;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("warm-up").status(done).build();
    }

    void open(@Observes Router opened) {
        router.complete(opened);
    }

    void begin(@ObservesAsync HttpsServerStart started) {
        try {
            warmUp();
        } catch (Throwable e) {
            // Quarkus drops exceptions of asynchronous observers, and a slow server is better than one that is never
            // ready.
            LOG.warnf(e, "the server could not be warmed up, so its first answers take longer");
        } finally {
            done = true;
        }
    }

    private void warmUp() throws Exception {
        long start = System.nanoTime();
        String path = "/" + UUID.randomUUID();
        String validatingPath = "/" + UUID.randomUUID();
        Reviews reviews = reviews();
        Route route =
                routes.openToAnyone(router.join(), path, reviews.cached("warm-up", new MutatingWebhook(snapshot())));
        Route validatingRoute = routes.openToAnyone(
                router.join(), validatingPath, reviews.cached("warm-up-validate", new ValidatingWebhook(snapshot())));
        try {
            send(path, validatingPath);
            LOG.infof(
                    "warmed up with %d reviews in %d ms",
                    answered.get(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        } finally {
            route.remove();
            validatingRoute.remove();
        }
    }

    /** The reviews request built-in profiles. */
    private Function<String, DecisionSnapshot> snapshot() {
        return DecisionSnapshot.current(injector, CatalogReader::builtIn, Namespace::named);
    }

    /** With metrics of their own. */
    private Reviews reviews() {
        Namespaces unwatched = new Namespaces.Unwatched("of the warm-up");
        return new Reviews(
                unwatched,
                new ReviewMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), config),
                new ReviewSideEffects(new DecisionEvents.Off(), new ReviewTraces.Off()),
                config);
    }

    private void send(String path, String validatingPath) throws Exception {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxPoolSize(CONNECTIONS);
        // The faster TLS engine leaves more time for the server.
        HttpsTls.engine().ifPresent(options::setSslEngineOptions);
        HttpClient client = vertx.createHttpClient(options);
        try {
            long deadline = System.nanoTime() + config.warmUp().maxTime().toNanos();
            List<CompletableFuture<Void>> connections = new ArrayList<>();
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                connections.add(send(
                        client, connection == VALIDATING_CONNECTION ? validatingPath : path, connection, deadline));
            }
            CompletableFuture.allOf(connections.toArray(CompletableFuture[]::new))
                    .thenCompose(sent -> probe(client))
                    .get(RESPONSE_TIMEOUT.plus(config.warmUp().maxTime()).toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            client.close();
        }
    }

    /** Sends the probe of the kubelet. The first one takes a fifth of a second, and the class data cache of this start contains its classes. */
    private CompletableFuture<Buffer> probe(HttpClient client) {
        // Quarkus reports the port only if it chose one.
        int found = server.getManagementPort();
        RequestOptions ready = new RequestOptions()
                .setSsl(false)
                .setHost("localhost")
                .setPort(found > 0 ? found : managementPort)
                .setURI("/health/ready");
        return client.request(ready)
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Sends reviews one after the other. */
    private CompletableFuture<Void> send(HttpClient client, String path, int number, long deadline) {
        if (number >= config.warmUp().reviews() || (number >= MIN_REVIEWS && System.nanoTime() > deadline)) {
            return CompletableFuture.completedFuture(null);
        }
        return client.request(HttpMethod.POST, server.getSecurePort(), "localhost", path)
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(review(number)))
                .compose(HttpClientResponse::body)
                .toCompletionStage()
                .toCompletableFuture()
                .thenCompose(answer -> {
                    answered.incrementAndGet();
                    return send(client, path, number + CONNECTIONS, deadline);
                });
    }

    /** Each review is sent three times: decided, decided and cached, answered from the cache. */
    private static Buffer review(int number) {
        int connection = number % CONNECTIONS;
        int workload = number / CONNECTIONS / 3;
        return Buffer.buffer(REVIEW.replace("web-eu", "web-" + connection + "-" + workload));
    }

    private static String text() {
        try (InputStream file = Objects.requireNonNull(WarmUp.class.getResourceAsStream("warm-up.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
