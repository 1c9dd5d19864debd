package dev.pillion.cluster.certificate;

import dev.pillion.certificates.Authorities;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.Rotation;
import dev.pillion.certificates.Rotation.Held;
import dev.pillion.certificates.Rotation.Observed;
import dev.pillion.certificates.Rotation.Publication;
import dev.pillion.certificates.Step;
import dev.pillion.cluster.LogOnChange;
import dev.pillion.cluster.certificate.CertificateSecrets.Stored;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The leader's care for certificates: looks at what the Secrets and the webhook configurations hold, and takes the steps that
 * {@link Rotation} asks for. Each look starts from what is there, so that a leader that went between two steps is continued by the next.
 */
public final class SelfManagedCertificates {

    private static final Logger LOG = Logger.getLogger(SelfManagedCertificates.class);

    /** Steps come to an end; if they ever did not, the next look goes on. */
    private static final int MOST_STEPS = 20;

    private static final Set<Integer> OUTDATED = Set.of(404, 409, 422);

    private final CertificateSecrets secrets;
    private final CaBundles bundles;
    private final Rotation rotation;
    private final Replica replica;
    private final ServingReports reports;
    private final Witness witness;
    private final LogOnChange unkept = new LogOnChange(LOG, "certificates cannot be looked after");
    private final LogOnChange unpublished = new LogOnChange(LOG, "caBundle of the webhooks cannot be looked after");
    private Optional<String> published = Optional.empty();

    /** With which each replica was asked what it serves. */
    private String question = "";

    /** What this leader wrote to the Secret last. */
    private Optional<IssuedCertificate> lastIssued = Optional.empty();

    /** What this leader made the webhooks trust last. */
    private List<X509Certificate> publishedAuthorities = List.of();

    /** Hears of what was done. */
    public interface Witness {

        void changedAuthorities(String reason);

        void issued(String reason);

        /** Someone had wiped or changed the bundle of these webhooks. */
        void repaired(List<String> webhooks);

        void failed();
    }

    /**
     * What a replica knows of itself.
     *
     * @param identity the name of its Pod, if it has one
     * @param leading whether it leads: a leader that was held up learns by it that it no longer may write
     * @param served what it serves, from memory
     */
    public record Replica(String identity, BooleanSupplier leading, Supplier<Optional<IssuedCertificate>> served) {}

    public SelfManagedCertificates(
            CertificateSecrets secrets, CaBundles bundles, Rotation rotation, Replica replica, Witness witness) {
        this.replica = replica;
        this.reports = secrets.reports(replica.identity());
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
        List<X509Certificate> trusted = authoritiesOfTheWebhooks();
        for (int step = 0; step < MOST_STEPS; step++) {
            boolean allServe = allServe(authorities.content(), issued);
            if (allServe && !ServingReports.answer(issued.secret().orElseThrow(), question)) {
                question = UUID.randomUUID().toString();
                issued = secrets.ask(issued, question);
                allServe = false;
            }
            Held held = new Held(
                    authorities.content(), issued.content(), publication, new Observed(served(), trusted, allServe));
            Step next = rotation.next(held, now);
            if (!(next instanceof Step.Rest) && !replica.leading().getAsBoolean()) {
                return true;
            }
            switch (next) {
                case Step.Rest() -> {
                    return publication != Publication.FAILED;
                }
                case Step.Publish(String bundle) -> {
                    publication = publish(bundle);
                    if (publication == Publication.DONE) {
                        publishedAuthorities = authorities.content().trusted();
                    }
                }
                case Step.KeepAuthorities(Authorities wanted, String reason) -> {
                    authorities = secrets.keep(wanted, authorities);
                    trusted =
                            trusted.stream().filter(wanted.trusted()::contains).toList();
                    publication = Publication.UNKNOWN;
                    LOG.infof("certificate authorities: %s", reason);
                    witness.changedAuthorities(reason);
                }
                case Step.KeepCertificate(IssuedCertificate wanted, String reason) -> {
                    issued = secrets.keep(wanted, issued);
                    lastIssued = Optional.of(wanted);
                    LOG.infof(
                            "certificate: %s; it is good until %s",
                            reason, wanted.certificate().notAfter());
                    witness.issued(reason);
                }
            }
        }
        return publication != Publication.FAILED;
    }

    /**
     * What this replica serves, or what it issued since and has not read yet. Others may have read it: when the Secret is deleted at that
     * moment, its authority must stay trusted, and a certificate that is about to end must not come back.
     */
    private Optional<IssuedCertificate> served() {
        return Stream.concat(replica.served().get().stream(), lastIssued.stream())
                .max(Comparator.comparing(it -> it.certificate().notAfter()));
    }

    /** Those too that someone has wiped since this leader wrote them. */
    private List<X509Certificate> authoritiesOfTheWebhooks() {
        try {
            return Stream.concat(bundles.authorities().stream(), publishedAuthorities.stream())
                    .distinct()
                    .toList();
        } catch (KubernetesClientException e) {
            // Then they cannot be changed either, which is reported. The next run reads them again.
            return publishedAuthorities;
        }
    }

    /** Reports may have come back with a Secret that was restored from a backup. Only those that answer this leader's question count. */
    private boolean allServe(Authorities authorities, Stored<Optional<IssuedCertificate>> issued) {
        if (!authorities.awaitReplacement()) {
            question = "";
            return false;
        }
        return issued.content().isPresent()
                && reports.allServe(
                        issued.secret().orElseThrow(), issued.content().get().certificate());
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
            if (OUTDATED.contains(e.getCode())) {
                // Somebody was quicker, or it is gone: 422 is a test in a JSON patch that does not hold. The next look
                // sees what there is.
                return Publication.FAILED;
            }
            unpublished.failed(LogOnChange.reason(e, CaBundles.RIGHT));
            witness.failed();
            return Publication.FAILED;
        }
    }
}
