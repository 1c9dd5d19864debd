package dev.pillion.server.http;

import dev.pillion.server.configuration.PillionConfig;
import io.vertx.core.http.HttpServerOptions;

/** Gives tests of other packages a server with the same TLS as Pillion's. */
public final class TestHttpsTls {

    private TestHttpsTls() {}

    public static void customize(HttpServerOptions options, PillionConfig config) {
        new HttpsTls(config).customizeHttpsServer(options);
    }
}
