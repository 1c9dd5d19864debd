package dev.pillion.server;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Many clients of the webhook port at once. Each sends its next review after the response to the last one, or a second after a refusal, as the
 * API server does.
 */
final class Flood implements AutoCloseable {

    private static final long RETRY_MILLISECONDS = 1_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient client;
    private final int port;
    private final String path;
    private final long pause;
    private final IntFunction<String> body;
    private final AtomicInteger number = new AtomicInteger();
    private final Collection<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /**
     * @param address the local address of the connections
     * @param pause the time between a response and the next review, in milliseconds
     */
    Flood(int port, String address, int connections, String path, long pause, IntFunction<String> body) {
        this.port = port;
        this.path = path;
        this.pause = pause;
        this.body = body;
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setLocalAddress(address)
                .setMaxPoolSize(connections);
        if (OpenSsl.isAvailable()) {
            options.setSslEngineOptions(new OpenSSLEngineOptions());
        }
        client = vertx.createHttpClient(options);
        for (int connection = 0; connection < connections; connection++) {
            send();
        }
    }

    /**
     * One review and its response.
     *
     * @param status the HTTP status; 0 if the connection failed
     * @param asksToRetry whether the response asks to send the request again after a second
     * @param closes whether the connection ends after the response
     */
    record Exchange(int status, Duration took, boolean asksToRetry, boolean closes) {}

    private void send() {
        if (closed) {
            return;
        }
        client.request(HttpMethod.POST, port, "127.0.0.1", path)
                .onFailure(failure -> failed())
                .onSuccess(request -> {
                    long start = System.nanoTime();
                    request.putHeader("Content-Type", "application/json")
                            .send(Buffer.buffer(body.apply(number.incrementAndGet())))
                            .compose(response -> response.body().map(response))
                            .onFailure(failure -> failed())
                            .onSuccess(response -> {
                                exchanges.add(new Exchange(
                                        response.statusCode(),
                                        Duration.ofNanos(System.nanoTime() - start),
                                        "1".equals(response.getHeader("Retry-After")),
                                        "close".equals(response.getHeader("Connection"))));
                                sendAfter(response.statusCode() == 503 ? RETRY_MILLISECONDS : pause);
                            });
                });
    }

    private void failed() {
        if (!closed) {
            exchanges.add(new Exchange(0, Duration.ZERO, false, true));
            sendAfter(RETRY_MILLISECONDS);
        }
    }

    private void sendAfter(long milliseconds) {
        if (milliseconds == 0) {
            send();
        } else {
            vertx.setTimer(milliseconds, timer -> send());
        }
    }

    Collection<Exchange> exchanges() {
        return exchanges;
    }

    long count(int status) {
        return exchanges.stream().filter(each -> each.status() == status).count();
    }

    @Override
    public void close() {
        closed = true;
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
