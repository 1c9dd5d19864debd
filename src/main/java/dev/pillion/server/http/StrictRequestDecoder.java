package dev.pillion.server.http;

import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Reads requests as Vert.x does, but refuses a request with both Content-Length and Transfer-Encoding. Netty would ignore the length. If a proxy uses
 * the length instead, both find the next request at different bytes (RFC 9112, section 6.3).
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

    StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new InvalidFramingException();
    }

    /** Netty's decoder catches it and sets it as the decoder result of the request. */
    static final class InvalidFramingException extends IllegalArgumentException {

        private static final long serialVersionUID = 1;

        InvalidFramingException() {
            super("a request must not have both Content-Length and Transfer-Encoding");
        }
    }
}
