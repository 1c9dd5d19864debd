package dev.pillion.server;

import io.netty.handler.ssl.OpenSsl;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Has BoringSSL do the TLS of the HTTPS server where there is one for the machine: a kept connection costs two thirds of what it costs with
 * the JDK's own, and a new one a quarter.
 */
@Singleton
class HttpsTls implements HttpServerOptionsCustomizer {

    private static final Logger LOG = Logger.getLogger(HttpsTls.class);

    /** A TLS record has 16 KiB at most, and most reviews fit into one. */
    private static final int LARGEST_CHUNK = 16 * 1024;

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setMaxChunkSize(LARGEST_CHUNK);
        engine().ifPresentOrElse(
                        options::setSslEngineOptions,
                        () -> LOG.infof(
                                "no BoringSSL for this machine, so the JDK's own TLS serves: %s",
                                OpenSsl.unavailabilityCause()));
    }

    static Optional<SSLEngineOptions> engine() {
        return OpenSsl.isAvailable() ? Optional.of(new OpenSSLEngineOptions()) : Optional.empty();
    }
}
