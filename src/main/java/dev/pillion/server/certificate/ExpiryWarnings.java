package dev.pillion.server.certificate;

import dev.pillion.certificates.ExpiryWatch;
import dev.pillion.cluster.event.OwnEvents;
import dev.pillion.server.cluster.Election;
import dev.pillion.server.configuration.PillionConfig;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Tells well before the certificate ends, wherever it comes from: every replica in its log, and the one that leads by an Event. */
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
    public void look() {
        watch.look(certificate.get(), Clock.systemUTC().instant()).ifPresent(warning -> {
            LOG.warn(warning);
            if (election instanceof Election.Running running && running.getAsBoolean()) {
                eventsAbout(running, config).warning("CertificateExpiring", warning);
            }
        });
    }

    /** About the Secret that Pillion keeps, or else about the Pod, since it is not known here where its files come from. */
    static OwnEvents eventsAbout(Election.Running running, PillionConfig config) {
        boolean kept = config.tls().selfManaged();
        return new OwnEvents(
                running.client(),
                running.namespace(),
                kept ? "Secret" : "Pod",
                kept ? config.tls().secret() : running.identity(),
                running.identity());
    }
}
