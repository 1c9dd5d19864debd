package dev.pillion.server.review;

import dev.pillion.certificates.SelfSignedCertificate;
import dev.pillion.certificates.TestClientAuthority;
import dev.pillion.server.InsecureTls;
import dev.pillion.server.caller.CallerAuthenticator;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.configuration.TestConfig;
import dev.pillion.server.http.TestHttpsTls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The routes for reviews with real TLS and a decision that only counts its calls, and clients for them. */
public final class GuardedServer implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger decisions = new AtomicInteger();
    private final SimpleMeterRegistry meters;

    public GuardedServer(SimpleMeterRegistry meters) {
        this.meters = meters;
    }

    public int start(PillionConfig config, CallerAuthenticator callers) throws Exception {
        return start(config, callers, (routes, router) -> routes.open(router, "/mutate", body -> decided()));
    }

    public int start(PillionConfig config, CallerAuthenticator callers, BiConsumer<ReviewRoutes, Router> opening)
            throws Exception {
        SelfSignedCertificate certificate =
                SelfSignedCertificate.create(List.of("localhost"), Duration.ofHours(1), Clock.systemUTC());
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.certificate()))
                        .addKeyValue(Buffer.buffer(certificate.key())));
        TestHttpsTls.customize(options, config);
        Router router = Router.router(vertx);
        // Quarkus pauses requests in the same way.
        router.route().handler(context -> {
            context.request().pause();
            context.next();
        });
        LoadShedder shedder = new LoadShedder(vertx, meters);
        opening.accept(new ReviewRoutes(vertx, shedder, callers, new ReviewReceiver(vertx, shedder), config), router);
        return vertx.createHttpServer(options)
                .requestHandler(router)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    public ReviewReply decided() {
        decisions.incrementAndGet();
        return ReviewReply.text(200, "decided");
    }

    public int decisions() {
        return decisions.get();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    public static PillionConfig config(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("pillion.tls.reload-period", "20ms");
        return TestConfig.of(all);
    }

    public static HttpResponse<String> post(int port, Optional<TestClientAuthority.Client> credentials)
            throws Exception {
        return post(port, credentials, "{}");
    }

    public static HttpResponse<String> post(int port, Optional<TestClientAuthority.Client> credentials, String body)
            throws Exception {
        try (HttpClient client = client(credentials)) {
            return post(port, client, body);
        }
    }

    public static HttpResponse<String> post(int port, HttpClient client) throws Exception {
        return post(port, client, "{}");
    }

    /** @param headers names and values, in addition to the content type */
    public static HttpResponse<String> post(int port, HttpClient client, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/mutate"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public static HttpClient client(Optional<TestClientAuthority.Client> credentials) throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context(credentials))
                .build();
    }

    public static SSLSocket connected(int port, SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    }

    public static SSLContext context(Optional<TestClientAuthority.Client> credentials) throws Exception {
        KeyManager[] keys = {};
        if (credentials.isPresent()) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(credentials.get().keyStore(), new char[0]);
            keys = factory.getKeyManagers();
        }
        return InsecureTls.context(keys);
    }
}
