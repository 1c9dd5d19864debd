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
 * Reconciles the certificates on the leader: reads the Secrets and the webhook configurations and takes the steps that {@link Rotation} returns. Each
 * run starts from the state in the cluster, so a new leader continues where another one stopped.
 *
 * <p>Over 200 lines because the steps share state that the leader keeps between runs.
 */
public final class SelfManagedCertificates {

    private static final Logger LOG = Logger.getLogger(SelfManagedCertificates.class);

    /** Normally a few steps are enough. The limit keeps an error from becoming an endless loop. */
    private static final int MAX_STEPS = 20;

    private static final Set<Integer> OUTDATED = Set.of(404, 409, 422);

    private final CertificateSecrets secrets;
    private final CaBundles bundles;
    private final Rotation rotation;
    private final Replica replica;
    private final ServingReports reports;
    private final Listener listener;
    private final LogOnChange failures = new LogOnChange(LOG, "the certificates cannot be reconciled");
    private final LogOnChange publishFailures = new LogOnChange(LOG, "caBundle of the webhooks cannot be reconciled");
    private Optional<String> published = Optional.empty();

    /** The question that replicas answer with their reports. */
    private String question = "";

    /** The certificate that this leader wrote to the Secret last. */
    private Optional<IssuedCertificate> lastIssued = Optional.empty();

    /** The authorities that this leader last wrote to the webhooks. */
    private List<X509Certificate> publishedAuthorities = List.of();

    /** Receives the changes that were made. */
    public interface Listener {

        void changedAuthorities(String reason);

        void issued(String reason);

        /** Someone else had removed or changed {@code caBundle} of these webhooks. */
        void repaired(List<String> webhooks);

        void failed();
    }

    /**
     * This replica.
     *
     * @param identity the name of its Pod, if it has one
     * @param leading whether it is the leader; checked before each write, since a leader may be delayed
     * @param served the certificate that it serves; performs no I/O
     */
    public record Replica(String identity, BooleanSupplier leading, Supplier<Optional<IssuedCertificate>> served) {}

    public SelfManagedCertificates(
            CertificateSecrets secrets, CaBundles bundles, Rotation rotation, Replica replica, Listener listener) {
        this.replica = replica;
        this.reports = secrets.reports(replica.identity());
        this.secrets = secrets;
        this.bundles = bundles;
        this.rotation = rotation;
        this.listener = listener;
    }

    /**
     * Runs once. For one thread of the leader. A failure is logged; the next run tries again.
     *
     * @return whether there was no failure
     */
    public boolean reconcile(Instant now) {
        try {
            boolean published = takeSteps(now);
            failures.recovered();
            return published;
        } catch (KubernetesClientException e) {
            // Another replica wrote meanwhile. That is no failure: the next run reads it.
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return true;
            }
            failures.failed(LogOnChange.reason(e, CertificateSecrets.RIGHT));
            listener.failed();
            return false;
        }
    }

    /** @return whether all webhooks that should trust the authorities do */
    private boolean takeSteps(Instant now) {
        Stored<Authorities> authorities = secrets.authorities();
        Stored<Optional<IssuedCertificate>> issued = secrets.certificate();
        Publication publication = Publication.UNKNOWN;
        List<X509Certificate> trusted = trustedAuthorities();
        for (int step = 0; step < MAX_STEPS; step++) {
            boolean allServe = allServe(authorities.content(), issued);
            if (allServe && !ServingReports.hasQuestion(issued.secret().orElseThrow(), question)) {
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
                    authorities = secrets.write(wanted, authorities);
                    trusted =
                            trusted.stream().filter(wanted.trusted()::contains).toList();
                    publication = Publication.UNKNOWN;
                    LOG.infof("certificate authorities: %s", reason);
                    listener.changedAuthorities(reason);
                }
                case Step.KeepCertificate(IssuedCertificate wanted, String reason) -> {
                    issued = secrets.write(wanted, issued);
                    lastIssued = Optional.of(wanted);
                    LOG.infof(
                            "certificate: %s; it is valid until %s",
                            reason, wanted.certificate().notAfter());
                    listener.issued(reason);
                }
            }
        }
        return publication != Publication.FAILED;
    }

    /**
     * The newer one of the certificate that this replica serves and the one that it issued and has not read yet. Other replicas may have read the
     * latter. If the Secret is deleted at that moment, its authority must stay trusted, and an older certificate must not return.
     */
    private Optional<IssuedCertificate> served() {
        return Stream.concat(replica.served().get().stream(), lastIssued.stream())
                .max(Comparator.comparing(it -> it.certificate().notAfter()));
    }

    /** The authorities that the webhooks trust, with those that this leader wrote and someone removed. */
    private List<X509Certificate> trustedAuthorities() {
        try {
            return Stream.concat(bundles.authorities().stream(), publishedAuthorities.stream())
                    .distinct()
                    .toList();
        } catch (KubernetesClientException e) {
            // Then they cannot be changed either, which is reported. The next run reads them again.
            return publishedAuthorities;
        }
    }

    /** Only reports for the question of this leader count: a Secret that was restored from a backup has old ones. */
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
                    listener.repaired(changed);
                }
            }
            published = Optional.of(bundle);
            publishFailures.recovered();
            return Publication.DONE;
        } catch (KubernetesClientException e) {
            if (OUTDATED.contains(e.getCode())) {
                // The configuration was changed or deleted meanwhile. 422 is a failed test operation of the JSON patch.
                return Publication.FAILED;
            }
            publishFailures.failed(LogOnChange.reason(e, CaBundles.RIGHT));
            listener.failed();
            return Publication.FAILED;
        }
    }
}
