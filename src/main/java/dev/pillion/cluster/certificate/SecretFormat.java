package dev.pillion.cluster.certificate;

import dev.pillion.certificates.Authorities;
import dev.pillion.certificates.Authorities.Retired;
import dev.pillion.certificates.Authorities.Successor;
import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.Pem;
import dev.pillion.certificates.ServerCertificate;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The entries of the two Secrets with certificates. */
final class SecretFormat {

    private SecretFormat() {}

    static Map<String, String> entries(Authorities authorities) {
        Map<String, String> entries = new TreeMap<>();
        authorities.signing().ifPresent(signing -> put(entries, "ca", signing));
        authorities.next().ifPresent(next -> {
            put(entries, "next", next.authority());
            next.published().ifPresent(since -> entries.put("next.published", since.toString()));
        });
        if (!authorities.retired().isEmpty()) {
            entries.put(
                    "retired.crt",
                    Pem.of(authorities.retired().stream()
                            .map(Retired::certificate)
                            .toList()));
            entries.put("retired.until", lines(authorities, it -> it.until().toString()));
            entries.put("retired.until-replaced", lines(authorities, it -> Boolean.toString(it.untilReplaced())));
        }
        return entries;
    }

    static Map<String, String> entries(IssuedCertificate issued) {
        return Map.of(
                "tls.crt", issued.certificate().certificatePem(),
                "tls.key", issued.certificate().keyPem(),
                "ca.crt", Pem.of(issued.authorities()));
    }

    private static String lines(Authorities authorities, Function<Retired, String> line) {
        return authorities.retired().stream().map(line).collect(Collectors.joining("\n"));
    }

    private static void put(Map<String, String> entries, String name, CertificateAuthority authority) {
        entries.put(name + ".crt", authority.certificatePem());
        entries.put(name + ".key", authority.keyPem());
    }

    static Authorities authorities(Secret secret) throws InvalidCertificateException {
        Optional<CertificateAuthority> signing = authority(secret, "ca");
        Optional<CertificateAuthority> next = authority(secret, "next");
        Optional<Instant> published = text(secret, "next.published").isPresent()
                ? Optional.of(instant(text(secret, "next.published").get(), "next.published"))
                : Optional.empty();
        return new Authorities(signing, next.map(it -> new Successor(it, published)), retired(secret));
    }

    private static Optional<CertificateAuthority> authority(Secret secret, String name)
            throws InvalidCertificateException {
        Optional<String> certificate = text(secret, name + ".crt");
        return certificate.isPresent()
                ? Optional.of(CertificateAuthority.parse(
                        certificate.get(), text(secret, name + ".key").orElse("")))
                : Optional.empty();
    }

    private static List<Retired> retired(Secret secret) throws InvalidCertificateException {
        Optional<String> certificates = text(secret, "retired.crt");
        if (certificates.isEmpty()) {
            return List.of();
        }
        List<String> ends = text(secret, "retired.until").orElse("").lines().toList();
        List<String> untilReplaced =
                text(secret, "retired.until-replaced").orElse("").lines().toList();
        List<Retired> retired = new ArrayList<>();
        for (X509Certificate certificate : Pem.certificates(certificates.get())) {
            // If the end was lost, the authority stays until it expires, which is never too early.
            retired.add(new Retired(
                    certificate,
                    retired.size() < ends.size()
                            ? instant(ends.get(retired.size()), "retired.until")
                            : certificate.getNotAfter().toInstant(),
                    retired.size() < untilReplaced.size()
                            && untilReplaced.get(retired.size()).equals("true")));
        }
        return retired;
    }

    static IssuedCertificate issued(Secret secret) throws InvalidCertificateException {
        ServerCertificate certificate = ServerCertificate.parse(
                text(secret, "tls.crt").orElse(""), text(secret, "tls.key").orElse(""));
        return new IssuedCertificate(
                certificate, Pem.certificates(text(secret, "ca.crt").orElse("")));
    }

    private static Instant instant(String text, String key) throws InvalidCertificateException {
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeException e) {
            throw new InvalidCertificateException(key + " is not a time such as 2026-01-01T00:00:00Z");
        }
    }

    private static Optional<String> text(Secret secret, String key) throws InvalidCertificateException {
        String value = Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
                .get(key);
        try {
            return Optional.ofNullable(value)
                    .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new InvalidCertificateException(key + " is not Base64");
        }
    }
}
