package dev.pillion.server;

import dev.pillion.server.catalog.CurrentCatalog;
import dev.pillion.server.certificate.CurrentCertificate;
import dev.pillion.server.certificate.ExpiryWarnings;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Checks periodically whether the files that the server reads have changed. A directory that hangs blocks nothing else. */
@Singleton
class FileWatch {

    private static final Duration EXPIRY_PERIOD = Duration.ofMinutes(1);

    private final PeriodicTasks profiles;
    private final PeriodicTasks certificates;
    private final CurrentCatalog catalog;
    private final CurrentCertificate certificate;
    private final ExpiryWarnings warnings;

    FileWatch(CurrentCatalog catalog, CurrentCertificate certificate, ExpiryWarnings warnings, MeterRegistry meters) {
        this.catalog = catalog;
        this.certificate = certificate;
        this.warnings = warnings;
        this.profiles = new PeriodicTasks("profile-files", meters);
        this.certificates = new PeriodicTasks("certificate-files", meters);
    }

    void start(@Observes StartupEvent event, PillionConfig config) {
        profiles.every(config.profiles().reloadPeriod(), "profile-files", catalog::refresh);
        if (!certificate.refreshesItself()) {
            certificates.every(config.tls().reloadPeriod(), "certificate-files", certificate::refresh);
        }
        certificates.every(EXPIRY_PERIOD, "certificate-expiry", () -> {
            warnings.check();
            return true;
        });
    }

    void stop(@Observes ShutdownEvent event) {
        profiles.close();
        certificates.close();
    }
}
