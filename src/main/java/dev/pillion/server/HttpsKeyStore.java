package dev.pillion.server;

import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;

/** Hands Quarkus' HTTPS server its certificate. */
@Singleton
@Identifier(HttpsKeyStore.TLS_CONFIGURATION)
class HttpsKeyStore implements KeyStoreProvider {

    /** As {@code quarkus.http.tls-configuration-name} has it. */
    static final String TLS_CONFIGURATION = "pillion";

    private final LiveCertificate certificate;

    HttpsKeyStore(LiveCertificate certificate) {
        this.certificate = certificate;
    }

    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        return new KeyStoreAndKeyCertOptions(
                certificate.get().keyStore(), KeyCertOptions.wrap(new LiveKeyManager(certificate)));
    }
}
