package dev.pillion.server.certificate;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;

/** Provides the certificate to Quarkus' HTTPS server. */
@Singleton
@Identifier(HttpsKeyStore.TLS_CONFIGURATION)
class HttpsKeyStore implements KeyStoreProvider {

    /** The value of {@code quarkus.http.tls-configuration-name}. */
    static final String TLS_CONFIGURATION = "pillion";

    private final CurrentCertificate certificate;

    HttpsKeyStore(CurrentCertificate certificate) {
        this.certificate = certificate;
    }

    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        // BoringSSL needs keys in its own format. The cache avoids a conversion for each handshake.
        KeyManagerFactory factory =
                new OpenSslCachingX509KeyManagerFactory(factory(new CurrentKeyManager(certificate)));
        // Quarkus needs a key store. The key comes from the factory.
        return new KeyStoreAndKeyCertOptions(certificate.get().keyStore(), KeyCertOptions.wrap(factory));
    }

    private static KeyManagerFactory factory(KeyManager only) {
        return new SimpleKeyManagerFactory() {
            @Override
            protected void engineInit(KeyStore keyStore, char[] password) {}

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {}

            @Override
            protected KeyManager[] engineGetKeyManagers() {
                return new KeyManager[] {only};
            }
        };
    }
}
