package dev.pillion.certificates;

import dev.pillion.certificates.Step.KeepAuthorities;
import dev.pillion.certificates.Step.KeepCertificate;
import dev.pillion.certificates.Step.Publish;
import dev.pillion.certificates.Step.Rest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides when an authority or a certificate is created or replaced. API servers trust every certificate that a replica serves at any time.
 *
 * <p>Replicas receive a new certificate, and API servers a new bundle, with a delay. So a new authority is trusted for a while before it signs,
 * and an old one stays trusted until the last certificate that it signed has expired. The same rules apply if a Secret is lost or broken: the
 * authority of a valid certificate in use stays trusted. If both Secrets are lost or replaced by old ones, the bundles of the webhooks and the
 * certificate that the leader serves show what replicas can have in use.
 */
public final class Rotation {

    private final Terms terms;
    private final TrustSteps trust;

    /**
     * The present state.
     *
     * @param issued the certificate that replicas serve, if there is a readable one
     * @param publication whether the webhooks have the bundle; unknown after a change of the authorities
     * @param observed the state outside of the Secrets
     */
    public record Held(
            Authorities authorities, Optional<IssuedCertificate> issued, Publication publication, Observed observed) {}

    /**
     * The state outside of the Secrets, which can be deleted, broken, or restored from an old backup.
     *
     * @param served the certificate that the leader serves from memory
     * @param published Pillion's own authorities in the webhooks' bundles, without those that were just removed
     * @param allServeIssued whether every replica serves the certificate in the Secret
     */
    public record Observed(
            Optional<IssuedCertificate> served, List<X509Certificate> published, boolean allServeIssued) {

        public static final Observed NOTHING = new Observed(Optional.empty(), List.of(), false);

        public Observed {
            published = List.copyOf(published);
        }
    }

    /** Whether all webhooks trust all the authorities. */
    public enum Publication {
        UNKNOWN,
        DONE,
        FAILED
    }

    public Rotation(Terms terms) {
        this.terms = terms;
        this.trust = new TrustSteps(terms);
    }

    /** The next step. The caller must perform it before it requests the next one. */
    public Step next(Held held, Instant now) {
        Optional<IssuedCertificate> inUse = held.issued().filter(it -> it.isGoodAt(now));
        Optional<IssuedCertificate> served = held.observed().served().filter(it -> it.isGoodAt(now));
        return TrustSteps.trustPublished(held, now)
                .or(() -> TrustSteps.extendTrust(held.authorities(), inUse))
                .or(() -> TrustSteps.extendTrust(held.authorities(), served))
                .or(() -> TrustSteps.removeExpired(held.authorities(), now))
                .or(() -> trust.trustIssuerOf(held.authorities(), inUse, now))
                .or(() -> trust.trustIssuerOf(held.authorities(), served, now))
                .or(() -> restore(held.authorities(), inUse, served))
                .or(() -> TrustSteps.removeReplaced(held, inUse))
                .or(() -> activateSuccessor(held.authorities(), inUse, served, now))
                .or(() -> createAuthority(held.authorities(), inUse, now))
                .or(() -> publish(held))
                .or(() -> recordPublication(held, now))
                .or(() -> issue(held.authorities(), held.issued(), inUse, now))
                .orElseGet(Rest::new);
    }

    /** Restores a lost certificate from memory if no trusted authority can sign a new one, so that new replicas can serve it too. */
    private static Optional<Step> restore(
            Authorities present, Optional<IssuedCertificate> inUse, Optional<IssuedCertificate> served) {
        return inUse.isEmpty() && present.signing().isEmpty()
                ? served.map(
                        it -> new KeepCertificate(it, "the certificate in use was lost and is restored from memory"))
                : Optional.empty();
    }

    private Optional<Step> activateSuccessor(
            Authorities present, Optional<IssuedCertificate> inUse, Optional<IssuedCertificate> served, Instant now) {
        return present.next()
                .filter(next -> isTrustedLongEnough(next, present, inUse, now)
                        || TrustSteps.signed(next.authority(), inUse)
                        || TrustSteps.signed(next.authority(), served)
                        || (present.signing().isEmpty() && inUse.isEmpty()))
                .map(next -> new KeepAuthorities(
                        present.succeeded(trust.lastEnd(inUse, now)),
                        next.authority().name() + " signs from now on"));
    }

    /**
     * Whether all webhooks have trusted a successor for the overlap. If no authority can renew the certificate in use, the wait ends an overlap before
     * that certificate expires, because replicas also need time to read the next one.
     */
    private boolean isTrustedLongEnough(
            Authorities.Successor next, Authorities present, Optional<IssuedCertificate> inUse, Instant now) {
        Optional<Instant> latest = present.signing().isPresent()
                ? Optional.empty()
                : inUse.map(it -> it.certificate().notAfter().minus(terms.overlap()));
        return next.published()
                .filter(since -> !now.isBefore(since.plus(terms.overlap()))
                        || latest.filter(it -> !now.isBefore(it)).isPresent())
                .isPresent();
    }

    private Optional<Step> createAuthority(Authorities present, Optional<IssuedCertificate> inUse, Instant now) {
        boolean due = present.signing()
                .filter(it -> now.isBefore(it.validity().due()))
                .isEmpty();
        if (!due || present.next().isPresent()) {
            return Optional.empty();
        }
        CertificateAuthority made = CertificateAuthority.create(terms.authority(), now);
        return Optional.of(
                present.signing().isEmpty() && inUse.isEmpty()
                        ? new KeepAuthorities(
                                new Authorities(Optional.of(made), Optional.empty(), present.retired()),
                                made.name() + " is created, because there is no authority")
                        : new KeepAuthorities(
                                present.followedBy(made),
                                made.name() + " is created; it signs after all webhooks have trusted it for a while"));
    }

    /** Comes after the authorities are complete: the bundle must always contain the authority of the certificate in use. */
    private static Optional<Step> publish(Held held) {
        return held.publication() == Publication.UNKNOWN
                ? Optional.of(new Publish(held.authorities().bundle()))
                : Optional.empty();
    }

    private static Optional<Step> recordPublication(Held held, Instant now) {
        return held.authorities()
                .next()
                .filter(next -> held.publication() == Publication.DONE
                        && next.published().isEmpty())
                .map(next -> new KeepAuthorities(
                        held.authorities().published(now), next.authority().name() + " is trusted by all webhooks"));
    }

    private Optional<Step> issue(
            Authorities present, Optional<IssuedCertificate> issued, Optional<IssuedCertificate> inUse, Instant now) {
        return present.signing().flatMap(signing -> reasonToIssue(signing, issued, inUse, now)
                .map(reason -> new KeepCertificate(
                        new IssuedCertificate(
                                signing.issue(terms.names(), terms.certificate(), now), present.trusted()),
                        "a certificate is issued, because " + reason)));
    }

    private Optional<String> reasonToIssue(
            CertificateAuthority signing,
            Optional<IssuedCertificate> issued,
            Optional<IssuedCertificate> inUse,
            Instant now) {
        if (inUse.isEmpty()) {
            return Optional.of(issued.isEmpty() ? "there is none" : "the current one is not valid any more");
        }
        ServerCertificate present = inUse.get().certificate();
        if (!present.isSignedBy(signing.certificate())) {
            return Optional.of("an earlier authority signed the current one");
        }
        if (!present.isFor(terms.names())) {
            return Optional.of("the current one is for other names");
        }
        // A new certificate would expire with the authority too, so it is no improvement.
        boolean wouldLast = present.notAfter().isBefore(signing.validity().to());
        return !now.isBefore(present.validity().due()) && wouldLast
                ? Optional.of("the current one has passed two thirds of its lifetime")
                : Optional.empty();
    }
}
