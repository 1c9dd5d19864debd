package dev.pillion.server.certificate;

import dev.pillion.certificates.ExpiryWatch;
import dev.pillion.cluster.event.OwnEvents;
import dev.pillion.server.cluster.Election;
import dev.pillion.server.configuration.PillionConfig;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Warns before the certificate expires: every replica in its log, and the leader also by an Event. */
@Singleton
public class ExpiryWarnings {

    private static final Logger LOG = Logger.getLogger(ExpiryWarnings.class);

    private final ExpiryWatch watch = new ExpiryWatch();
    private final CurrentCertificate certificate;
    private final Election election;
    private final PillionConfig config;

    ExpiryWarnings(CurrentCertificate certificate, Election election, PillionConfig config) {
        this.certificate = certificate;
        this.election = election;
        this.config = config;
    }

    /** For one thread. */
    public void check() {
        watch.look(certificate.get(), Clock.systemUTC().instant()).ifPresent(warning -> {
            LOG.warn(warning);
            if (election instanceof Election.Running running && running.getAsBoolean()) {
                eventsAbout(running, config).warning("CertificateExpiring", warning);
            }
        });
    }

    /** Events about the Secret if Pillion manages it, otherwise about the Pod, since the source of the files is not known. */
    static OwnEvents eventsAbout(Election.Running running, PillionConfig config) {
        boolean selfManaged = config.tls().selfManaged();
        return new OwnEvents(
                running.client(),
                running.namespace(),
                selfManaged ? "Secret" : "Pod",
                selfManaged ? config.tls().secret() : running.identity(),
                running.identity());
    }
}
