package dev.pillion.server.http;

import dev.pillion.server.caller.ClientCertificateCheck;
import dev.pillion.server.configuration.PillionConfig;
import io.netty.handler.ssl.OpenSsl;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;
import org.jboss.logging.Logger;

/**
 * Uses BoringSSL for TLS if it is available for the machine: a review over an open connection costs two thirds of what it costs with the JDK's TLS,
 * and a new connection a quarter.
 */
@Singleton
public class HttpsTls implements HttpServerOptionsCustomizer {

    private static final Logger LOG = Logger.getLogger(HttpsTls.class);

    /** A TLS record has 16 KiB at most, and most reviews fit into one. */
    private static final int LARGEST_CHUNK = 16 * 1024;

    private final PillionConfig config;

    HttpsTls(PillionConfig config) {
        this.config = config;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (config.clients().certificateAuthority().isPresent()) {
            // Requested but not required: an unknown caller gets a response that says why it is refused, and probes of
            // the port still work.
            options.setClientAuth(ClientAuth.REQUEST).setTrustOptions(TrustOptions.wrap(new AnyClientCertificate()));
        }
        options.setMaxChunkSize(LARGEST_CHUNK);
        engine().ifPresentOrElse(
                        options::setSslEngineOptions,
                        () -> LOG.infof(
                                "BoringSSL is not available for this machine, so the server uses the TLS of the JDK: %s",
                                OpenSsl.unavailabilityCause()));
    }

    public static Optional<SSLEngineOptions> engine() {
        return OpenSsl.isAvailable() ? Optional.of(new OpenSSLEngineOptions()) : Optional.empty();
    }

    /**
     * Accepts every certificate in the handshake. {@link ClientCertificateCheck} verifies the certificate for each review. So new authorities also
     * apply to connections that are already open.
     */
    private static final class AnyClientCertificate implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authenticationType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authenticationType) throws CertificateException {
            throw new CertificateException("this trust manager is for clients' certificates only");
        }

        /** Empty, so that a client sends its certificate, no matter which authority signed it. */
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
