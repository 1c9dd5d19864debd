package dev.pillion.server;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Looks at the files that may change while the server runs, on one thread of its own. */
@Singleton
class Watch {

    private static final Duration EXPIRY_LOOK = Duration.ofMinutes(1);

    private final Ticker ticker = new Ticker("watch");
    private final LiveCatalog catalog;
    private final LiveCertificate certificate;
    private final ExpiryWarnings warnings;

    Watch(LiveCatalog catalog, LiveCertificate certificate, ExpiryWarnings warnings) {
        this.catalog = catalog;
        this.certificate = certificate;
        this.warnings = warnings;
    }

    void start(@Observes StartupEvent event, PillionConfig config) {
        ticker.every(config.profiles().reloadPeriod(), "a look at the profiles", catalog::refresh);
        if (!certificate.refreshesItself()) {
            ticker.every(config.tls().reloadPeriod(), "a look at the certificate", certificate::refresh);
        }
        ticker.every(EXPIRY_LOOK, "a look at the certificate's end", warnings::look);
    }

    void stop(@Observes ShutdownEvent event) {
        ticker.close();
    }
}
