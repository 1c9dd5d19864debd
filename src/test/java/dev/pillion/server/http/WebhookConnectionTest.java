package dev.pillion.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookConnectionTest {

    private static final String REVIEW = "POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(3));

    private final ConnectionState state = new ConnectionState(ConnectionState.Phase.IDLE);
    private final Requests requests = new Requests();
    private final AtomicInteger closedForAge = new AtomicInteger();
    private EmbeddedChannel channel = channel(ConnectionAge.UNLIMITED);

    /** A connection with the handlers that Vert.x adds after the handshake. */
    private EmbeddedChannel channel(ConnectionAge age) {
        EmbeddedChannel connected =
                new EmbeddedChannel(new WebhookConnection(state, age, closedForAge::incrementAndGet));
        connected.pipeline().addLast("httpDecoder", new VertxHttpRequestDecoder(new HttpServerOptions()));
        connected.pipeline().addLast("httpEncoder", new HttpResponseEncoder());
        connected.pipeline().addLast("handler", requests);
        return connected;
    }

    @Test
    void passesReviewsOneAfterTheOther() {
        send(REVIEW + REVIEW);

        assertThat(requests.uris).hasSize(2);
        assertThat(answer()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /mutate HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                "POST /mutate HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}",
                "POST /mutate HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 2\r\n\r\n{}",
                "POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "POST /mutate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
            })
    void refusesARequestWithAnAmbiguousHostOrLengthAndReadsNoOther(String request) {
        send(request + REVIEW);

        assertThat(requests.uris).isEmpty();
        assertThat(answer()).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("connection: close\r\n");
        channel.advanceTimeBy(3, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void readsABodyInChunks() {
        send("POST /mutate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");

        assertThat(requests.uris).hasSize(1);
    }

    @Test
    void isOverdueIfHeadersAreSlow() {
        send("POST /mutate HTTP/1.1\r\nHo");

        assertThat(isOverdueAfter(1)).isFalse();
        assertThat(isOverdueAfter(3)).isTrue();
        send("st: x\r\nContent-Length: 2\r\n\r\n");
        assertThat(isOverdueAfter(3)).as("the body has its own timer").isFalse();
    }

    @Test
    void isOverdueIfNobodyReadsTheResponse() {
        send(REVIEW);
        assertThat(isOverdueAfter(20)).isFalse();
        state.responseWritten();
        assertThat(isOverdueAfter(4)).isTrue();

        state.responseSent();
        assertThat(isOverdueAfter(100)).as("an idle connection is kept").isFalse();
    }

    @Test
    void waitsForTheClientAfterTheResponse() {
        send(REVIEW);
        assertThat(state.isWaitingForClient(System.nanoTime() + 5_000_000_000L, Duration.ofSeconds(1)))
                .isFalse();

        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        assertThat(state.isWaitingForClient(System.nanoTime() + 5_000_000_000L, Duration.ofSeconds(1)))
                .isFalse();

        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        assertThat(state.isWaitingForClient(System.nanoTime() + 5_000_000_000L, Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void closesAnOldConnectionAfterAResponse() {
        channel = channel(over());
        send(REVIEW);
        assertThat(channel.isOpen()).isTrue();

        respond();

        assertThat(answer()).startsWith("HTTP/1.1 200 OK\r\n").contains("connection: close\r\n");
        assertThat(closedForAge).hasValue(1);
        assertThat(channel.isOpen()).as("the client reads the response").isTrue();
        channel.advanceTimeBy(3, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void passesNoRequestAfterTheLastResponse() {
        channel = channel(over());
        send(REVIEW);
        respond();

        send(REVIEW);

        assertThat(requests.uris).hasSize(1);
    }

    @Test
    void answersAllRequestsThatArrivedBeforeItClosesAnOldConnection() {
        channel = channel(over());
        send(REVIEW + REVIEW);

        respond();
        assertThat(answer()).doesNotContain("connection: close");
        respond();
        assertThat(answer()).contains("connection: close");
        assertThat(requests.uris).hasSize(2);
    }

    @Test
    void doesNotCloseAnOldConnectionWhileABodyArrives() {
        channel = channel(over());
        send("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{");

        respond();

        assertThat(answer()).doesNotContain("connection: close");
        assertThat(closedForAge).hasValue(0);
    }

    @Test
    void keepsAYoungConnection() {
        channel = channel(ConnectionAge.of(Duration.ofHours(1), System.nanoTime(), 0));
        send(REVIEW);

        respond();

        assertThat(answer()).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("connection: close");
    }

    @Test
    void variesTheAgeByAFifth() {
        assertThat(ConnectionAge.of(Duration.ofNanos(1_000), 5, 0)).isEqualTo(new ConnectionAge(OptionalLong.of(805)));
        assertThat(ConnectionAge.of(Duration.ofNanos(1_000), 5, 1))
                .isEqualTo(new ConnectionAge(OptionalLong.of(1_205)));
        assertThat(ConnectionAge.of(Duration.ZERO, 5, 1).isOver(Long.MAX_VALUE)).isFalse();
    }

    private static ConnectionAge over() {
        return new ConnectionAge(OptionalLong.of(System.nanoTime() - 1));
    }

    private void respond() {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set("content-length", 0);
        channel.writeOutbound(response);
    }

    private boolean isOverdueAfter(long seconds) {
        return state.isOverdue(System.nanoTime() + Duration.ofSeconds(seconds).toNanos(), TIMEOUTS);
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private String answer() {
        StringBuilder answer = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answer.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return answer.toString();
    }

    @ChannelHandler.Sharable
    private static final class Requests extends ChannelInboundHandlerAdapter {

        private final List<String> uris = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                uris.add(request.uri());
            }
            ReferenceCountUtil.release(message);
        }
    }
}
