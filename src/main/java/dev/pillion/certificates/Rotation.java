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
 * Decides when an authority or a certificate is made and who takes whose place, so that at no moment a certificate is served that an
 * API server does not trust.
 *
 * <p>Replicas hear of a new certificate, and API servers of a new bundle, with a delay. So a new authority is trusted for a while
 * before it signs anything, and an old one stays trusted until the last certificate that it signed has ended. Whatever is lost or
 * broken is made anew, by the same rules: as long as a certificate is in use that is good, its authority stays trusted. If both Secrets
 * are lost or replaced by old ones, what the webhooks trust and what the leader itself serves tell what may be in use.
 */
public final class Rotation {

    private final Terms terms;

    /**
     * What is there.
     *
     * @param issued the certificate that replicas serve, if there is one that can be read
     * @param publication what is known of the webhooks; nothing after the authorities have changed
     * @param observed what is known beside the Secrets
     */
    public record Held(
            Authorities authorities, Optional<IssuedCertificate> issued, Publication publication, Observed observed) {}

    /**
     * What is known beside the Secrets, which may have been deleted, broken, or restored from an old backup.
     *
     * @param served what the leader itself serves, from memory
     * @param published the authorities of Pillion's own that webhooks trust now, without those that were just given up
     * @param allServeIssued whether every replica has shown that it serves the certificate in the Secret
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
    }

    /** The next step. It is to be taken before the one after it is asked for. */
    public Step next(Held held, Instant now) {
        Optional<IssuedCertificate> inUse = held.issued().filter(it -> it.isGoodAt(now));
        Optional<IssuedCertificate> served = held.observed().served().filter(it -> it.isGoodAt(now));
        return trustWhatIsPublished(held, now)
                .or(() -> trustLongEnough(held.authorities(), inUse))
                .or(() -> trustLongEnough(held.authorities(), served))
                .or(() -> forgetTheEnded(held.authorities(), now))
                .or(() -> trustWhatIsInUse(held.authorities(), inUse, now))
                .or(() -> trustWhatIsInUse(held.authorities(), served, now))
                .or(() -> restore(held.authorities(), inUse, served))
                .or(() -> distrustWhatIsReplaced(held, inUse))
                .or(() -> letTheSuccessorSign(held.authorities(), inUse, served, now))
                .or(() -> makeAnAuthority(held.authorities(), inUse, now))
                .or(() -> publish(held))
                .or(() -> notePublication(held, now))
                .or(() -> issue(held.authorities(), held.issued(), inUse, now))
                .orElseGet(Rest::new);
    }

    private static Optional<Step> forgetTheEnded(Authorities present, Instant now) {
        Authorities left = present.at(now);
        return left.equals(present)
                ? Optional.empty()
                : Optional.of(new KeepAuthorities(left, "an authority has ended, or all that it signed has"));
    }

    /** The authorities were lost, or replaced by others; those of the certificate in use are kept beside it. */
    private Optional<Step> trustWhatIsInUse(Authorities present, Optional<IssuedCertificate> inUse, Instant now) {
        return inUse.filter(it -> it.issuer().filter(present::knows).isEmpty())
                .map(it -> new KeepAuthorities(
                        present.besides(it.authorities(), lastEnd(inUse, now)),
                        "the certificate in use is by an authority that is not kept; it stays trusted"));
    }

    /** A backup of the authorities may give up an authority before the last certificate ends that it signed since. */
    private static Optional<Step> trustLongEnough(Authorities present, Optional<IssuedCertificate> inUse) {
        return inUse.flatMap(it -> it.issuer()
                .filter(issuer -> present.givesUpBefore(issuer, it.certificate().notAfter()))
                .map(issuer -> new KeepAuthorities(
                        present.trustingUntil(issuer, it.certificate().notAfter()),
                        "the certificate in use ends later than its authority was to be trusted; it stays trusted")));
    }

    /** Nothing signs that is trusted already, and replicas serve on what the Secret lost: a new replica can serve it too. */
    private static Optional<Step> restore(
            Authorities present, Optional<IssuedCertificate> inUse, Optional<IssuedCertificate> served) {
        return inUse.isEmpty() && present.signing().isEmpty()
                ? served.map(
                        it -> new KeepCertificate(it, "the certificate in use was lost and is restored from memory"))
                : Optional.empty();
    }

    /** The authorities were lost, or replaced by older ones. Replicas may serve whatever the webhooks trust. */
    private static Optional<Step> trustWhatIsPublished(Held held, Instant now) {
        List<X509Certificate> unknown = held.observed().published().stream()
                .filter(it ->
                        Validity.of(it).holdsAt(now) && !held.authorities().knows(it))
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(new KeepAuthorities(
                        held.authorities().with(unknown),
                        "webhooks trust authorities that are not kept; they stay trusted until every replica serves a"
                                + " certificate by another"));
    }

    private static Optional<Step> distrustWhatIsReplaced(Held held, Optional<IssuedCertificate> inUse) {
        Authorities present = held.authorities();
        return held.observed().allServeIssued()
                        && present.awaitReplacement()
                        && present.signing().filter(it -> signed(it, inUse)).isPresent()
                ? Optional.of(new KeepAuthorities(
                        present.replaced(),
                        "every replica serves the new certificate; authorities whose keys were lost are not trusted any"
                                + " more"))
                : Optional.empty();
    }

    private Optional<Step> letTheSuccessorSign(
            Authorities present, Optional<IssuedCertificate> inUse, Optional<IssuedCertificate> served, Instant now) {
        return present.next()
                .filter(next -> isTrustedLongEnough(next, now)
                        || signed(next.authority(), inUse)
                        || signed(next.authority(), served)
                        || (present.signing().isEmpty() && inUse.isEmpty()))
                .map(next -> new KeepAuthorities(
                        present.succeeded(lastEnd(inUse, now)), next.authority().name() + " signs from now on"));
    }

    private boolean isTrustedLongEnough(Authorities.Successor next, Instant now) {
        return next.published()
                .filter(since -> !now.isBefore(since.plus(terms.overlap())))
                .isPresent();
    }

    private static boolean signed(CertificateAuthority authority, Optional<IssuedCertificate> inUse) {
        return inUse.filter(it -> it.certificate().isSignedBy(authority.certificate()))
                .isPresent();
    }

    /** Of certificates that replicas may still serve, none ends later than this. */
    private Instant lastEnd(Optional<IssuedCertificate> inUse, Instant now) {
        Instant latest = now.plus(terms.certificate());
        return inUse.map(it -> it.certificate().notAfter())
                .filter(end -> end.isAfter(latest))
                .orElse(latest);
    }

    private Optional<Step> makeAnAuthority(Authorities present, Optional<IssuedCertificate> inUse, Instant now) {
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
                                made.name() + " is made, since there is no authority")
                        : new KeepAuthorities(
                                present.followedBy(made),
                                made.name() + " is made, and signs once it has been trusted for a while"));
    }

    /** Not before the authorities are complete: a bundle without that of the certificate in use must never be out. */
    private static Optional<Step> publish(Held held) {
        return held.publication() == Publication.UNKNOWN
                ? Optional.of(new Publish(held.authorities().bundle()))
                : Optional.empty();
    }

    private static Optional<Step> notePublication(Held held, Instant now) {
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
                        "a certificate is issued, since " + reason)));
    }

    private Optional<String> reasonToIssue(
            CertificateAuthority signing,
            Optional<IssuedCertificate> issued,
            Optional<IssuedCertificate> inUse,
            Instant now) {
        if (inUse.isEmpty()) {
            return Optional.of(issued.isEmpty() ? "there is none" : "the one there is no longer good");
        }
        ServerCertificate present = inUse.get().certificate();
        if (!present.isSignedBy(signing.certificate())) {
            return Optional.of("the one in use is by an earlier authority");
        }
        if (!present.isFor(terms.names())) {
            return Optional.of("the one in use is for other names");
        }
        // One that would end with the authority, as this one does, is no gain.
        boolean wouldLast = present.notAfter().isBefore(signing.validity().to());
        return !now.isBefore(present.validity().due()) && wouldLast
                ? Optional.of("the one in use has lived for two thirds of its time")
                : Optional.empty();
    }
}
