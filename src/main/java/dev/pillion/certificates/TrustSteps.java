package dev.pillion.certificates;

import dev.pillion.certificates.Rotation.Held;
import dev.pillion.certificates.Step.KeepAuthorities;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a rotation that change which authorities are trusted, but create nothing.
 *
 * @param terms the lifetimes of certificates
 */
record TrustSteps(Terms terms) {

    static Optional<Step> removeExpired(Authorities present, Instant now) {
        Authorities left = present.at(now);
        return left.equals(present)
                ? Optional.empty()
                : Optional.of(new KeepAuthorities(
                        left, "an authority has expired, or every certificate that it signed has expired"));
    }

    /** Keeps the authorities of the certificate in use if the Secret of the authorities was lost or replaced. */
    Optional<Step> trustIssuerOf(Authorities present, Optional<IssuedCertificate> inUse, Instant now) {
        return inUse.filter(it -> it.issuer().filter(present::knows).isEmpty())
                .map(it -> new KeepAuthorities(
                        present.besides(it.authorities(), lastEnd(inUse, now)),
                        "the authority of the certificate in use is not in the Secret; it stays trusted"));
    }

    /** Extends the trust in an authority: after a restore from a backup it could end before the last certificate that it signed. */
    static Optional<Step> extendTrust(Authorities present, Optional<IssuedCertificate> inUse) {
        return inUse.flatMap(it -> it.issuer()
                .filter(issuer -> present.givesUpBefore(issuer, it.certificate().notAfter()))
                .map(issuer -> new KeepAuthorities(
                        present.trustingUntil(issuer, it.certificate().notAfter()),
                        "the certificate in use expires later than expected; its authority stays trusted")));
    }

    /** Keeps the authorities in the bundles if the Secret was lost or replaced: replicas can serve certificates by all of them. */
    static Optional<Step> trustPublished(Held held, Instant now) {
        List<X509Certificate> unknown = held.observed().published().stream()
                .filter(it ->
                        Validity.of(it).holdsAt(now) && !held.authorities().knows(it))
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new KeepAuthorities(
                                held.authorities().with(unknown),
                                "webhooks trust authorities that are not in the Secret; these stay trusted until every replica uses a certificate by another authority"));
    }

    static Optional<Step> removeReplaced(Held held, Optional<IssuedCertificate> inUse) {
        Authorities present = held.authorities();
        return held.observed().allServeIssued()
                        && present.awaitReplacement()
                        && present.signing().filter(it -> signed(it, inUse)).isPresent()
                ? Optional.of(
                        new KeepAuthorities(
                                present.replaced(),
                                "every replica uses the new certificate; authorities whose keys were lost are no longer trusted"))
                : Optional.empty();
    }

    /** The latest end of the certificates that replicas can still serve. */
    Instant lastEnd(Optional<IssuedCertificate> inUse, Instant now) {
        Instant latest = now.plus(terms.certificate());
        return inUse.map(it -> it.certificate().notAfter())
                .filter(end -> end.isAfter(latest))
                .orElse(latest);
    }

    static boolean signed(CertificateAuthority authority, Optional<IssuedCertificate> inUse) {
        return inUse.filter(it -> it.certificate().isSignedBy(authority.certificate()))
                .isPresent();
    }
}
