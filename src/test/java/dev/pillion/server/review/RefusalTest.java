package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalTest {

    private final Vertx vertx = Vertx.vertx();
    private final ClosingRate closings = new ClosingRate(() -> 0);
    private final ReviewReceiver receiver =
            new ReviewReceiver(vertx, new LoadShedder(vertx, new SimpleMeterRegistry(), closings));

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void closesTheConnectionOfAReviewThatCannotBeAnsweredInTime() throws IOException {
        String everything = answer("POST /mutate?timeout=1ns HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(everything)
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("connection: close\r\n")
                .endsWith("this replica cannot answer in time\n");
    }

    @Test
    void keepsTheConnectionOfAReviewThatIsAnswered() throws IOException {
        String review = "POST /mutate?timeout=10s HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
        String refused = "POST /mutate?timeout=1ns HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

        assertThat(answer(review + refused))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("HTTP/1.1 503 Service Unavailable\r\n");
    }

    @Test
    void keepsTheConnectionOfARefusedReviewIfManyWereClosed() throws IOException {
        String refused = "POST /mutate?timeout=1ns HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
        String last =
                "POST /mutate?timeout=10s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
        IntStream.range(0, ClosingRate.PER_SECOND).forEach(closed -> closings.tryAcquire());

        String everything = answer(refused + refused + last);

        assertThat(everything).containsSubsequence("503 Service Unavailable", "503 Service Unavailable", "200 OK");
        assertThat(everything.substring(0, everything.indexOf("200 OK"))).doesNotContain("connection: close");
    }

    /** A body that is too large is not read to its end, so the next request could not be found. */
    @Test
    void closesTheConnectionOfARefusedReviewThatIsTooLarge() throws IOException {
        IntStream.range(0, ClosingRate.PER_SECOND).forEach(closed -> closings.tryAcquire());

        String everything = answer("POST /mutate?timeout=1ns HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + (ReviewReceiver.MAX_BODY_BYTES + 1) + "\r\n\r\n"
                + " ".repeat(ReviewReceiver.MAX_BODY_BYTES + 1));

        assertThat(everything)
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("connection: close\r\n");
    }

    /** Everything until the server closes the connection. */
    private String answer(String request) throws IOException {
        int port = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private void handle(HttpServerRequest request) {
        request.pause();
        receiver.read(
                request,
                body -> ReviewReply.text(200, "answered"),
                task -> task.run(reason -> ReviewReply.retryLater("too late"), System::nanoTime),
                reply -> {
                    request.response().setStatusCode(reply.status());
                    receiver.endConnectionIfNeeded(request, reply);
                    request.response().end(reply.body());
                });
    }
}
