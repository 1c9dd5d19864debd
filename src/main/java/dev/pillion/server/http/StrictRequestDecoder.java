package dev.pillion.server.http;

import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Reads requests as Vert.x does, but for those that carry Content-Length together with Transfer-Encoding. Netty drops the length and reads on,
 * and two readers that disagree on which of them counts take different bytes for the next request (RFC 9112, section 6.3).
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

    StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new InvalidFramingException();
    }

    /** The decoder makes it the result of the request. */
    static final class InvalidFramingException extends IllegalArgumentException {

        private static final long serialVersionUID = 1;

        InvalidFramingException() {
            super("a request has Content-Length or Transfer-Encoding, not both");
        }
    }
}
