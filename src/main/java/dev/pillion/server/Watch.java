package dev.pillion.server;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Looks at the files that may change while the server runs, on one thread of its own. */
@Singleton
class Watch {

    private static final Logger LOG = Logger.getLogger(Watch.class);

    private static final Duration EXPIRY_LOOK = Duration.ofMinutes(1);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watch").factory());
    private final LiveCatalog catalog;
    private final LiveCertificate certificate;
    private final ExpiryWarnings warnings;

    Watch(LiveCatalog catalog, LiveCertificate certificate, ExpiryWarnings warnings) {
        this.catalog = catalog;
        this.certificate = certificate;
        this.warnings = warnings;
    }

    void start(@Observes StartupEvent event, PillionConfig config) {
        every(config.profiles().reloadPeriod(), catalog::refresh);
        if (!certificate.refreshesItself()) {
            every(config.tls().reloadPeriod(), certificate::refresh);
        }
        every(EXPIRY_LOOK, warnings::look);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    private void every(Duration period, Runnable look) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException e) {
                        // An exception would end the schedule.
                        LOG.error("a look at the files failed; the next one follows", e);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
