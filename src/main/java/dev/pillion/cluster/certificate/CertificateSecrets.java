package dev.pillion.cluster.certificate;

import dev.pillion.certificates.Authorities;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cluster.LogOnChange;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * The two Secrets with certificates: the authorities and their keys, which only the leader reads, and the certificate that all replicas serve. A
 * write fails with 409 if someone else has changed the Secret since it was read.
 *
 * <p>Over 200 lines because both Secrets are read and written in one order.
 */
public final class CertificateSecrets {

    static final String RIGHT = "get, update and create on secrets in its own namespace";

    private static final Logger LOG = Logger.getLogger(CertificateSecrets.class);
    private static final Map<String, String> LABELS =
            Map.of("app.kubernetes.io/name", "pillion", "app.kubernetes.io/managed-by", "pillion");

    /** The Secret was changed or deleted meanwhile. */
    private static final Set<Integer> OUTDATED = Set.of(404, 409);

    private final KubernetesClient client;
    private final String namespace;
    private final String authoritiesName;
    private final String certificateName;
    private final LogOnChange unreported = new LogOnChange(LOG, "the certificate of this replica cannot be reported");
    private volatile Optional<Secret> lastRead = Optional.empty();
    private final LogOnChange brokenAuthorities;
    private final LogOnChange brokenCertificate;

    /**
     * The content of a Secret.
     *
     * @param secret as it was read, if it exists
     */
    record Stored<T>(T content, Optional<Secret> secret) {}

    /**
     * @param authoritiesName the name of the Secret with the authorities
     * @param certificateName the name of the Secret with the certificate
     */
    public CertificateSecrets(
            KubernetesClient client, String namespace, String authoritiesName, String certificateName) {
        this.client = client;
        this.namespace = namespace;
        this.authoritiesName = authoritiesName;
        this.certificateName = certificateName;
        this.brokenAuthorities = new LogOnChange(
                LOG, "Secret " + namespace + "/" + authoritiesName + " cannot be read and is created again");
        this.brokenCertificate = new LogOnChange(
                LOG, "Secret " + namespace + "/" + certificateName + " cannot be read and is created again");
    }

    ServingReports reports(String identity) {
        return new ServingReports(client, namespace, identity);
    }

    /** The Secret with the certificate, as {@code namespace/name}. */
    public String certificateSecret() {
        return namespace + "/" + certificateName;
    }

    /**
     * The certificate that replicas should serve now.
     *
     * @throws InvalidCertificateException if it does not exist yet, or cannot be read or used
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
        return SecretFormat.issued(secret.orElseThrow(() -> new InvalidCertificateException(
                "there is no Secret " + certificateSecret() + "; the leader creates it")));
    }

    /**
     * Writes the certificate that a replica serves into the Secret with the certificate, unless it contains that already. Uses the Secret as it was
     * last read. A failure is only logged: the next call tries again.
     */
    public void report(String replica, ServerCertificate certificate) {
        Optional<Secret> secret = lastRead;
        String key = ServingReports.key(replica);
        if (secret.isEmpty()
                || certificate
                        .fingerprint()
                        .equals(ServingReports.of(secret.get()).get(key))) {
            return;
        }
        try {
            Secret changed = new SecretBuilder(secret.get())
                    .editMetadata()
                    .addToAnnotations(key, certificate.fingerprint())
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
     * Removes all reports, so that each replica reports again.
     *
     * @param question different each time
     */
    Stored<Optional<IssuedCertificate>> ask(Stored<Optional<IssuedCertificate>> present, String question) {
        Secret changed = ServingReports.withQuestion(present.secret().orElseThrow(), question);
        return new Stored<>(
                present.content(),
                Optional.of(client.resource(changed)
                        .lockResourceVersion(changed.getMetadata().getResourceVersion())
                        .update()));
    }

    Stored<Authorities> authorities() {
        Optional<Secret> secret = find(authoritiesName);
        try {
            Authorities read = secret.isPresent() ? SecretFormat.authorities(secret.get()) : Authorities.NONE;
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
                    secret.isPresent() ? Optional.of(SecretFormat.issued(secret.get())) : Optional.empty();
            brokenCertificate.recovered();
            return new Stored<>(read, secret);
        } catch (InvalidCertificateException e) {
            brokenCertificate.failed(e.getMessage());
            return new Stored<>(Optional.empty(), secret);
        }
    }

    Stored<Authorities> write(Authorities authorities, Stored<Authorities> before) {
        return new Stored<>(
                authorities,
                Optional.of(write(authoritiesName, "Opaque", SecretFormat.entries(authorities), before.secret())));
    }

    Stored<Optional<IssuedCertificate>> write(IssuedCertificate issued, Stored<Optional<IssuedCertificate>> before) {
        return new Stored<>(
                Optional.of(issued),
                Optional.of(
                        write(certificateName, "kubernetes.io/tls", SecretFormat.entries(issued), before.secret())));
    }

    private Optional<Secret> find(String name) {
        return Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(name).get());
    }

    /** Keeps what others wrote beside the data, such as labels. Removes the reports, which are about an earlier certificate. */
    private Secret write(String name, String type, Map<String, String> entries, Optional<Secret> before) {
        Map<String, String> data = new TreeMap<>();
        entries.forEach((key, text) ->
                data.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        if (before.isPresent()) {
            Secret changed = ServingReports.withoutReports(
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
}
