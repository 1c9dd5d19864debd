package dev.pillion.cluster;

import dev.pillion.certificates.Authorities;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.Rotation;
import dev.pillion.certificates.Rotation.Held;
import dev.pillion.certificates.Rotation.Publication;
import dev.pillion.certificates.Step;
import dev.pillion.cluster.CertificateSecrets.Stored;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The leader's care for certificates: looks at what the Secrets and the webhook configurations hold, and takes the steps that
 * {@link Rotation} asks for. Each look starts from what is there, so that a leader that went between two steps is continued by the next.
 */
public final class SelfManagedCertificates {

    private static final Logger LOG = Logger.getLogger(SelfManagedCertificates.class);

    /** Steps come to an end; if they ever did not, the next look goes on. */
    private static final int MOST_STEPS = 20;

    private final CertificateSecrets secrets;
    private final CaBundles bundles;
    private final Rotation rotation;
    private final Witness witness;
    private final LogOnChange unkept = new LogOnChange(LOG, "certificates cannot be looked after");
    private final LogOnChange unpublished = new LogOnChange(LOG, "caBundle of the webhooks cannot be looked after");
    private Optional<String> published = Optional.empty();

    /** Hears of what was done. */
    public interface Witness {

        void changedAuthorities(String reason);

        void issued(String reason);

        /** Someone had wiped or changed the bundle of these webhooks. */
        void repaired(List<String> webhooks);

        void failed();
    }

    public SelfManagedCertificates(CertificateSecrets secrets, CaBundles bundles, Rotation rotation, Witness witness) {
        this.secrets = secrets;
        this.bundles = bundles;
        this.rotation = rotation;
        this.witness = witness;
    }

    /**
     * For one thread, of the replica that leads. What fails is logged, and tried again at the next look.
     *
     * @return whether all could be looked after
     */
    public boolean look(Instant now) {
        try {
            boolean published = takeSteps(now);
            unkept.recovered();
            return published;
        } catch (KubernetesClientException e) {
            // Another replica wrote meanwhile, which is no failure: the next look sees what.
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return true;
            }
            unkept.failed(LogOnChange.reason(e, CertificateSecrets.RIGHT));
            witness.failed();
            return false;
        }
    }

    /** @return whether all webhooks trust the authorities, as far as that was to be looked after */
    private boolean takeSteps(Instant now) {
        Stored<Authorities> authorities = secrets.authorities();
        Stored<Optional<IssuedCertificate>> issued = secrets.certificate();
        Publication publication = Publication.UNKNOWN;
        for (int step = 0; step < MOST_STEPS; step++) {
            switch (rotation.next(new Held(authorities.content(), issued.content(), publication), now)) {
                case Step.Rest() -> {
                    return publication != Publication.FAILED;
                }
                case Step.Publish(String bundle) -> publication = publish(bundle);
                case Step.KeepAuthorities(Authorities wanted, String reason) -> {
                    authorities = secrets.keep(wanted, authorities);
                    publication = Publication.UNKNOWN;
                    LOG.infof("certificate authorities: %s", reason);
                    witness.changedAuthorities(reason);
                }
                case Step.KeepCertificate(IssuedCertificate wanted, String reason) -> {
                    issued = secrets.keep(wanted, issued);
                    LOG.infof(
                            "certificate: %s; it is good until %s",
                            reason, wanted.certificate().notAfter());
                    witness.issued(reason);
                }
            }
        }
        return publication != Publication.FAILED;
    }

    private Publication publish(String bundle) {
        try {
            List<String> changed = bundles.keep(bundle);
            if (!changed.isEmpty()) {
                boolean repaired = published.filter(bundle::equals).isPresent();
                LOG.infof("caBundle of %s is %s", changed, repaired ? "repaired" : "set");
                if (repaired) {
                    witness.repaired(changed);
                }
            }
            published = Optional.of(bundle);
            unpublished.recovered();
            return Publication.DONE;
        } catch (KubernetesClientException e) {
            unpublished.failed(LogOnChange.reason(e, CaBundles.RIGHT));
            witness.failed();
            return Publication.FAILED;
        }
    }
}
