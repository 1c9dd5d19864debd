package dev.pillion.bench;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;

/** A minimal HTTPS server on the same stack. It reads the whole body and returns 300 bytes. */
final class Ceiling {

    private static final Buffer ANSWER = Buffer.buffer("x".repeat(300));

    private Ceiling() {}

    /** @param arguments the port, the certificate's file and the key's file */
    public static void main(String[] arguments) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions().setCertPath(arguments[1]).setKeyPath(arguments[2]))
                .addEnabledSecureTransportProtocol("TLSv1.3")
                .setMaxChunkSize(16 * 1024)
                .setIdleTimeout(180);
        if (OpenSsl.isAvailable()) {
            options.setSslEngineOptions(new OpenSSLEngineOptions());
        }
        int loops = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8); // the same number as in Pillion
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setPreferNativeTransport(false).setEventLoopPoolSize(loops));
        for (int loop = 0; loop < loops; loop++) {
            vertx.createHttpServer(options)
                    .requestHandler(request ->
                            request.body().onSuccess(body -> request.response().end(ANSWER)))
                    .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
                    .onFailure(failure -> {
                        failure.printStackTrace();
                        System.exit(1);
                    });
        }
    }
}
