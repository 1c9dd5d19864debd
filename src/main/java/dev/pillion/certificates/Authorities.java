package dev.pillion.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The certificate authorities at a moment. All of them are trusted, and one of them signs.
 *
 * @param signing the authority that signs server certificates; empty until its successor is trusted everywhere
 * @param next its successor
 * @param retired earlier authorities, as long as certificates that they signed are valid
 */
public record Authorities(Optional<CertificateAuthority> signing, Optional<Successor> next, List<Retired> retired) {

    public static final Authorities NONE = new Authorities(Optional.empty(), Optional.empty(), List.of());

    /** @param published the time since which all webhooks trust it; empty if they do not yet */
    public record Successor(CertificateAuthority authority, Optional<Instant> published) {}

    /**
     * An authority that signs no more certificates.
     *
     * @param until the end of the last certificate that it signed
     * @param untilReplaced whether it is removed earlier, as soon as no replica serves a certificate of it. This applies if the key was lost,
     *     because an operator may have deleted the Secret after a leak of the key.
     */
    public record Retired(X509Certificate certificate, Instant until, boolean untilReplaced) {}

    public Authorities {
        retired = List.copyOf(retired);
    }

    public static Authorities signing(CertificateAuthority authority) {
        return new Authorities(Optional.of(authority), Optional.empty(), List.of());
    }

    /** All authorities, the oldest first: the order does not change if a successor starts to sign, so the webhooks need no change. */
    public List<X509Certificate> trusted() {
        return Stream.of(
                        signing.map(CertificateAuthority::certificate).stream(),
                        next.map(it -> it.authority().certificate()).stream(),
                        retired.stream().map(Retired::certificate))
                .flatMap(certificates -> certificates)
                .distinct()
                .sorted(Comparator.comparing(
                                (X509Certificate it) -> it.getNotBefore().toInstant())
                        .thenComparing(X509Certificate::getSerialNumber))
                .toList();
    }

    /** The content of {@code clientConfig.caBundle} of a webhook, before Base64. */
    public String bundle() {
        return Pem.of(trusted());
    }

    boolean knows(X509Certificate authority) {
        return trusted().contains(authority);
    }

    /** The authorities without expired ones. */
    Authorities at(Instant now) {
        return new Authorities(
                signing.filter(it -> now.isBefore(it.validity().to())),
                next.filter(it -> now.isBefore(it.authority().validity().to())),
                retired.stream()
                        .filter(it -> now.isBefore(it.until())
                                && now.isBefore(it.certificate().getNotAfter().toInstant()))
                        .toList());
    }

    /** Whether an authority is trusted only until no replica serves a certificate of it. */
    public boolean awaitReplacement() {
        return retired.stream().anyMatch(Retired::untilReplaced);
    }

    /** The authorities without those that no replica needs any more. */
    Authorities replaced() {
        return new Authorities(
                signing,
                next,
                retired.stream().filter(it -> !it.untilReplaced()).toList());
    }

    Authorities followedBy(CertificateAuthority successor) {
        return new Authorities(signing, Optional.of(new Successor(successor, Optional.empty())), retired);
    }

    /** The authorities after all webhooks trust the successor. */
    Authorities published(Instant now) {
        return new Authorities(signing, next.map(it -> new Successor(it.authority(), Optional.of(now))), retired);
    }

    /** @param lastEnd the end of the last certificate that the present authority signed */
    Authorities succeeded(Instant lastEnd) {
        return new Authorities(
                next.map(Successor::authority),
                Optional.empty(),
                retiring(signing.map(CertificateAuthority::certificate).stream().toList(), lastEnd, false));
    }

    /**
     * Adds the authorities of the certificate in use. They stay trusted until no replica needs them, and no authority signs before it is trusted
     * too.
     *
     * @param lastEnd the latest end of the certificates that replicas serve. The certificate in use may be restored from a backup, and replicas
     *     can still serve a later one by the authority that signs now.
     */
    Authorities besides(Collection<X509Certificate> others, Instant lastEnd) {
        Optional<CertificateAuthority> successor =
                next.map(Successor::authority).or(() -> signing);
        List<X509Certificate> old = new ArrayList<>(others);
        signing.filter(it -> !successor.equals(signing)).ifPresent(it -> old.add(it.certificate()));
        return new Authorities(
                Optional.empty(),
                successor.map(it -> new Successor(it, Optional.empty())),
                retiring(old, lastEnd, true));
    }

    /** Adds authorities that webhooks trust and whose keys are lost. They stay trusted until no replica needs them. */
    Authorities with(Collection<X509Certificate> found) {
        List<Retired> all = new ArrayList<>(retired);
        found.stream()
                .distinct()
                .forEach(it -> all.add(new Retired(it, it.getNotAfter().toInstant(), true)));
        return new Authorities(signing, next, all);
    }

    /** Extends the trust in a retired authority to the end of a certificate that is in use. */
    Authorities trustingUntil(X509Certificate authority, Instant lastEnd) {
        return new Authorities(
                signing,
                next,
                retired.stream()
                        .map(it -> it.certificate().equals(authority)
                                ? new Retired(authority, lastEnd, it.untilReplaced())
                                : it)
                        .toList());
    }

    /** Whether the trust in a retired authority ends before this time. */
    boolean givesUpBefore(X509Certificate authority, Instant end) {
        return retired.stream()
                .anyMatch(it -> it.certificate().equals(authority) && it.until().isBefore(end));
    }

    private List<Retired> retiring(Collection<X509Certificate> certificates, Instant until, boolean untilReplaced) {
        List<Retired> all = new ArrayList<>(retired);
        certificates.stream()
                .filter(it ->
                        retired.stream().noneMatch(known -> known.certificate().equals(it)))
                .forEach(it -> all.add(new Retired(it, until, untilReplaced)));
        return all;
    }
}
