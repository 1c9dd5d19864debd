package dev.pillion.cluster.certificate;

import dev.pillion.certificates.Authorities;
import dev.pillion.certificates.Authorities.Retired;
import dev.pillion.certificates.Authorities.Successor;
import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.Pem;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cluster.LogOnChange;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Where certificates are kept: the authorities with their keys in one Secret, which only the leader reads, and what all replicas serve
 * in another. What was changed by another since it was read is not overwritten (409).
 */
public final class CertificateSecrets {

    static final String RIGHT = "get, update and create on secrets in its own namespace";

    private static final Logger LOG = Logger.getLogger(CertificateSecrets.class);
    private static final Map<String, String> LABELS =
            Map.of("app.kubernetes.io/name", "pillion", "app.kubernetes.io/managed-by", "pillion");

    /** Somebody was quicker, or it is gone. */
    private static final Set<Integer> OUTDATED = Set.of(404, 409);

    private final KubernetesClient client;
    private final String namespace;
    private final String authoritiesName;
    private final String certificateName;
    private final LogOnChange unreported =
            new LogOnChange(LOG, "it cannot be reported which certificate this replica serves");
    private volatile Optional<Secret> lastRead = Optional.empty();
    private final LogOnChange brokenAuthorities;
    private final LogOnChange brokenCertificate;

    /**
     * What was read.
     *
     * @param secret as it was, if there is one
     */
    record Stored<T>(T content, Optional<Secret> secret) {}

    /**
     * @param authoritiesName of the Secret with the authorities
     * @param certificateName of the Secret with what replicas serve
     */
    public CertificateSecrets(
            KubernetesClient client, String namespace, String authoritiesName, String certificateName) {
        this.client = client;
        this.namespace = namespace;
        this.authoritiesName = authoritiesName;
        this.certificateName = certificateName;
        this.brokenAuthorities = new LogOnChange(
                LOG, "Secret " + namespace + "/" + authoritiesName + " cannot be read and is made anew");
        this.brokenCertificate = new LogOnChange(
                LOG, "Secret " + namespace + "/" + certificateName + " cannot be read and is made anew");
    }

    ServingReports reports(String identity) {
        return new ServingReports(client, namespace, identity);
    }

    /** The Secret with what replicas serve, as {@code namespace/name}. */
    public String certificateSecret() {
        return namespace + "/" + certificateName;
    }

    /**
     * What replicas are to serve now.
     *
     * @throws InvalidCertificateException when there is none yet, or it cannot be read or used
     */
    public IssuedCertificate certificateToServe() throws InvalidCertificateException {
        Optional<Secret> secret;
        try {
            secret = find(certificateName);
        } catch (KubernetesClientException e) {
            throw new InvalidCertificateException(
                    "Secret " + certificateSecret() + " cannot be read: " + LogOnChange.reason(e, "get on it"));
        }
        lastRead = secret;
        return issued(secret.orElseThrow(() -> new InvalidCertificateException(
                "there is no Secret " + certificateSecret() + "; the replica that leads makes it")));
    }

    /**
     * Writes into the Secret with the certificate, as it was last read, that a replica serves a certificate; nothing where that is written
     * there already. A write that fails is tried again later; callers keep waiting for it.
     */
    public void report(String replica, ServerCertificate serves) {
        Optional<Secret> secret = lastRead;
        String key = ServingReports.key(replica);
        if (secret.isEmpty()
                || serves.fingerprint().equals(ServingReports.of(secret.get()).get(key))) {
            return;
        }
        try {
            Secret changed = new SecretBuilder(secret.get())
                    .editMetadata()
                    .addToAnnotations(key, serves.fingerprint())
                    .endMetadata()
                    .build();
            lastRead = Optional.of(client.resource(changed)
                    .lockResourceVersion(changed.getMetadata().getResourceVersion())
                    .update());
            unreported.recovered();
        } catch (KubernetesClientException e) {
            if (!OUTDATED.contains(e.getCode())) {
                unreported.failed(LogOnChange.reason(e, RIGHT));
            }
        }
    }

    /**
     * Forgets what replicas reported, so that each reports anew.
     *
     * @param question different each time
     */
    Stored<Optional<IssuedCertificate>> ask(Stored<Optional<IssuedCertificate>> present, String question) {
        Secret changed = ServingReports.asked(present.secret().orElseThrow(), question);
        return new Stored<>(
                present.content(),
                Optional.of(client.resource(changed)
                        .lockResourceVersion(changed.getMetadata().getResourceVersion())
                        .update()));
    }

    Stored<Authorities> authorities() {
        Optional<Secret> secret = find(authoritiesName);
        try {
            Authorities read = secret.isPresent() ? authorities(secret.get()) : Authorities.NONE;
            brokenAuthorities.recovered();
            return new Stored<>(read, secret);
        } catch (InvalidCertificateException e) {
            brokenAuthorities.failed(e.getMessage());
            return new Stored<>(Authorities.NONE, secret);
        }
    }

    Stored<Optional<IssuedCertificate>> certificate() {
        Optional<Secret> secret = find(certificateName);
        try {
            Optional<IssuedCertificate> read =
                    secret.isPresent() ? Optional.of(issued(secret.get())) : Optional.empty();
            brokenCertificate.recovered();
            return new Stored<>(read, secret);
        } catch (InvalidCertificateException e) {
            brokenCertificate.failed(e.getMessage());
            return new Stored<>(Optional.empty(), secret);
        }
    }

    Stored<Authorities> keep(Authorities authorities, Stored<Authorities> before) {
        Map<String, String> texts = new TreeMap<>();
        authorities.signing().ifPresent(signing -> put(texts, "ca", signing));
        authorities.next().ifPresent(next -> {
            put(texts, "next", next.authority());
            next.published().ifPresent(since -> texts.put("next.published", since.toString()));
        });
        if (!authorities.retired().isEmpty()) {
            texts.put(
                    "retired.crt",
                    Pem.of(authorities.retired().stream()
                            .map(Retired::certificate)
                            .toList()));
            texts.put("retired.until", lines(authorities, it -> it.until().toString()));
            texts.put("retired.until-replaced", lines(authorities, it -> Boolean.toString(it.untilReplaced())));
        }
        return new Stored<>(authorities, Optional.of(write(authoritiesName, "Opaque", texts, before.secret())));
    }

    Stored<Optional<IssuedCertificate>> keep(IssuedCertificate issued, Stored<Optional<IssuedCertificate>> before) {
        Map<String, String> texts = Map.of(
                "tls.crt", issued.certificate().certificatePem(),
                "tls.key", issued.certificate().keyPem(),
                "ca.crt", Pem.of(issued.authorities()));
        return new Stored<>(
                Optional.of(issued), Optional.of(write(certificateName, "kubernetes.io/tls", texts, before.secret())));
    }

    private static String lines(Authorities authorities, Function<Retired, String> line) {
        return authorities.retired().stream().map(line).collect(Collectors.joining("\n"));
    }

    private static void put(Map<String, String> texts, String name, CertificateAuthority authority) {
        texts.put(name + ".crt", authority.certificatePem());
        texts.put(name + ".key", authority.keyPem());
    }

    private Optional<Secret> find(String name) {
        return Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(name).get());
    }

    /** What others wrote beside the data, such as labels, stays. What replicas reported of an earlier certificate does not. */
    private Secret write(String name, String type, Map<String, String> texts, Optional<Secret> before) {
        Map<String, String> data = new TreeMap<>();
        texts.forEach((key, text) ->
                data.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        if (before.isPresent()) {
            Secret changed = ServingReports.without(
                    new SecretBuilder(before.get()).withData(data).build());
            return client.resource(changed)
                    .lockResourceVersion(changed.getMetadata().getResourceVersion())
                    .update();
        }
        return client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .withLabels(LABELS)
                        .endMetadata()
                        .withType(type)
                        .withData(data)
                        .build())
                .create();
    }

    private static Authorities authorities(Secret secret) throws InvalidCertificateException {
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
            // One whose end was lost stays until it ends itself, which is never too early.
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

    private static IssuedCertificate issued(Secret secret) throws InvalidCertificateException {
        ServerCertificate certificate = ServerCertificate.parse(
                text(secret, "tls.crt").orElse(""), text(secret, "tls.key").orElse(""));
        return new IssuedCertificate(
                certificate, Pem.certificates(text(secret, "ca.crt").orElse("")));
    }

    private static Instant instant(String text, String key) throws InvalidCertificateException {
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeException e) {
            throw new InvalidCertificateException(key + " is no time such as 2026-01-01T00:00:00Z");
        }
    }

    private static Optional<String> text(Secret secret, String key) throws InvalidCertificateException {
        String value = Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
                .get(key);
        try {
            return Optional.ofNullable(value)
                    .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new InvalidCertificateException(key + " is no Base64");
        }
    }
}
