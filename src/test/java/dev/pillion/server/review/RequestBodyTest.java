package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestBodyTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Vertx vertx = Vertx.vertx();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final LoadShedder shedder = new LoadShedder(vertx, meters);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void isReadInPartsOfAnySize() throws Exception {
        try (Socket socket = connectedTo(server(100, LONG))) {
            send(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nab");
            send(socket, "cd");
            send(socket, "ef");

            assertThat(answer(socket)).endsWith("whole abcdef");
        }
        assertThat(inFlight()).isZero();
    }

    @Test
    void isRefusedByItsContentLength() throws Exception {
        try (Socket socket = connectedTo(server(5, LONG))) {
            send(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabcdef");

            assertThat(answer(socket)).endsWith("too large");
        }
    }

    @Test
    void isRefusedByItsSizeWithoutAContentLength() throws Exception {
        try (Socket socket = connectedTo(server(5, LONG))) {
            send(
                    socket,
                    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n");

            assertThat(answer(socket)).endsWith("too large");
        }
        assertThat(inFlight()).isZero();
    }

    @Test
    void isDroppedIfItDoesNotArriveInTime() throws Exception {
        try (Socket socket = connectedTo(server(100, Duration.ofMillis(200)))) {
            send(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nab");

            assertThat(answer(socket)).isEmpty();
        }
        assertThat(inFlight()).isZero();
    }

    private int server(long limit, Duration longest) {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            request.pause();
            RequestBody body = new RequestBody(vertx, limit, shedder, longest);
            body.read(request, outcome -> answer(request, body, outcome));
        });
        return server.listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private static void answer(HttpServerRequest request, RequestBody body, RequestBody.Outcome outcome) {
        String text =
                switch (outcome) {
                    case RequestBody.Whole(byte[] bytes) -> "whole " + new String(bytes, StandardCharsets.US_ASCII);
                    case RequestBody.TooLarge _ -> "too large";
                    case RequestBody.NoRoom _ -> "no room";
                };
        body.done();
        request.response().end(text);
    }

    private static Socket connectedTo(int port) throws IOException {
        Socket socket = new Socket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Everything until the server closes the connection. */
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private double inFlight() {
        return meters.get("pillion.in.flight").gauge().value();
    }
}
