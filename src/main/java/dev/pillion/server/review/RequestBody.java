package dev.pillion.server.review;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/** The body of one request. It counts as in flight until {@link #done()}. */
final class RequestBody {

    /** The first buffer: a client may announce a large body and not send it. */
    private static final int FIRST_ROOM = 64 * 1024;

    /** An API server sends a review at once. A slow body would occupy memory. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final long limit;
    private final LoadShedder shedder;
    private final Duration longest;
    private byte[] bytes = {};
    private int length;
    private long counted;
    private boolean ended;
    private long announced;
    private long timer = -1;

    /**
     * @param limit the maximum size in bytes
     * @param longest the maximum time from the first part of the body to its end
     */
    RequestBody(Vertx vertx, long limit, LoadShedder shedder, Duration longest) {
        this.vertx = vertx;
        this.limit = limit;
        this.shedder = shedder;
        this.longest = longest;
    }

    /** The result of reading. */
    sealed interface Outcome {}

    record Whole(byte[] bytes) implements Outcome {}

    record TooLarge() implements Outcome {}

    /** There is no memory for this body beside those that are in flight. */
    record NoRoom() implements Outcome {}

    /** Reads the body. {@code then} is called once, unless the client disconnects before. */
    void read(HttpServerRequest request, Consumer<Outcome> then) {
        announced = announced(request);
        if (announced > limit) {
            end(new TooLarge(), then);
            return;
        }
        request.handler(chunk -> {
            if (!ended) {
                add(chunk, request, then);
            }
        });
        request.endHandler(nothing -> end(new Whole(whole()), then));
        request.exceptionHandler(failure -> done());
        if (HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(
                String.valueOf(request.getHeader(HttpHeaderNames.EXPECT)))) {
            request.response().writeContinue();
        }
        request.resume();
    }

    /** Releases the memory of the body. */
    void done() {
        ended = true;
        stopTimer();
        shedder.release(counted);
        counted = 0;
        bytes = new byte[0];
    }

    private void add(Buffer chunk, HttpServerRequest request, Consumer<Outcome> then) {
        int end = length + chunk.length();
        if (end > limit) {
            end(new TooLarge(), then);
        } else if (end > counted && !take(end - counted)) {
            end(new NoRoom(), then);
        } else {
            if (length == 0) {
                bytes = new byte[(int) Math.max(chunk.length(), Math.min(announced, FIRST_ROOM))];
            }
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(2L * bytes.length, limit)));
            }
            chunk.getBytes(bytes, length);
            length = end;
            if (timer < 0 && length != announced) {
                timer = vertx.setTimer(longest.toMillis(), late -> {
                    done();
                    request.connection().close();
                });
            }
        }
    }

    private void stopTimer() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }

    private boolean take(long more) {
        boolean taken = shedder.tryAcquire(more);
        if (taken) {
            counted += more;
        }
        return taken;
    }

    private void end(Outcome outcome, Consumer<Outcome> then) {
        if (ended) {
            return;
        }
        ended = true;
        stopTimer();
        if (!(outcome instanceof Whole)) {
            done();
        }
        then.accept(outcome);
    }

    private byte[] whole() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** The Content-Length; -1 for a chunked body. */
    private static long announced(HttpServerRequest request) {
        String text = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        return text == null ? -1 : Long.parseLong(text);
    }
}
