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
 * The authorities that there are at a moment. All of them are trusted, and one of them signs.
 *
 * @param signing the one that signs servers' certificates; none while its successor is not trusted everywhere yet
 * @param next the one that will
 * @param retired those that did, as long as what they signed is good
 */
public record Authorities(Optional<CertificateAuthority> signing, Optional<Successor> next, List<Retired> retired) {

    public static final Authorities NONE = new Authorities(Optional.empty(), Optional.empty(), List.of());

    /** @param published since when all webhooks trust it, if they do */
    public record Successor(CertificateAuthority authority, Optional<Instant> published) {}

    /**
     * An authority whose key is gone.
     *
     * @param until when the last certificate that it signed ends
     * @param untilReplaced whether it is distrusted before that, as soon as no replica serves a certificate of its any more. It is so where
     *     the key was lost: an operator may delete a Secret because the key has leaked.
     */
    public record Retired(X509Certificate certificate, Instant until, boolean untilReplaced) {}

    public Authorities {
        retired = List.copyOf(retired);
    }

    public static Authorities signing(CertificateAuthority authority) {
        return new Authorities(Optional.of(authority), Optional.empty(), List.of());
    }

    /** All authorities, the oldest first: the order does not change when one takes another's place, so webhooks need no change then. */
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

    /** As {@code clientConfig.caBundle} of a webhook has it, before Base64. */
    public String bundle() {
        return Pem.of(trusted());
    }

    boolean knows(X509Certificate authority) {
        return trusted().contains(authority);
    }

    /** Without those that have ended. */
    Authorities at(Instant now) {
        return new Authorities(
                signing.filter(it -> now.isBefore(it.validity().to())),
                next.filter(it -> now.isBefore(it.authority().validity().to())),
                retired.stream()
                        .filter(it -> now.isBefore(it.until())
                                && now.isBefore(it.certificate().getNotAfter().toInstant()))
                        .toList());
    }

    /** Whether one is trusted only until no replica serves a certificate of its any more. */
    public boolean awaitReplacement() {
        return retired.stream().anyMatch(Retired::untilReplaced);
    }

    /** Without those that no replica needs any more. */
    Authorities replaced() {
        return new Authorities(
                signing,
                next,
                retired.stream().filter(it -> !it.untilReplaced()).toList());
    }

    Authorities followedBy(CertificateAuthority successor) {
        return new Authorities(signing, Optional.of(new Successor(successor, Optional.empty())), retired);
    }

    /** The successor is trusted by all webhooks from now on. */
    Authorities published(Instant now) {
        return new Authorities(signing, next.map(it -> new Successor(it.authority(), Optional.of(now))), retired);
    }

    /** @param lastEnd when the last certificate ends that the present authority signed */
    Authorities succeeded(Instant lastEnd) {
        return new Authorities(
                next.map(Successor::authority),
                Optional.empty(),
                retiring(signing.map(CertificateAuthority::certificate).stream().toList(), lastEnd, false));
    }

    /**
     * What is in use was signed by authorities that are not among these. They stay trusted until no replica needs them, and of these none
     * signs before it is trusted too.
     *
     * @param lastEnd no certificate that a replica serves ends later. The certificate in use may have been restored from a backup, and
     *     replicas may still serve a later one by the authority that signs now.
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

    /** Beside these, webhooks trust others, whose keys are lost. They stay trusted until no replica needs them. */
    Authorities with(Collection<X509Certificate> found) {
        List<Retired> all = new ArrayList<>(retired);
        found.stream()
                .distinct()
                .forEach(it -> all.add(new Retired(it, it.getNotAfter().toInstant(), true)));
        return new Authorities(signing, next, all);
    }

    /** A certificate by a retired authority is in use, and ends later than the authority was to be trusted. */
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

    /** Whether it is trusted only until a time before this one, although it does not end itself. */
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
