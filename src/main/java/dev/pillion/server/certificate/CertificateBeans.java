package dev.pillion.server.certificate;

import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.Rotation;
import dev.pillion.certificates.Terms;
import dev.pillion.cluster.Leadership;
import dev.pillion.cluster.certificate.CaBundles;
import dev.pillion.cluster.certificate.CertificateSecrets;
import dev.pillion.cluster.certificate.SelfManagedCertificates;
import dev.pillion.cluster.certificate.WebhookOwner;
import dev.pillion.server.cluster.ClusterConnection;
import dev.pillion.server.cluster.Election;
import dev.pillion.server.configuration.InvalidConfigurationException;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.task.TaskMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Provides the leader election and the server certificate, and closes both. */
@ApplicationScoped
class CertificateBeans {

    private static final String LEASE = "pillion";

    /** The Lease of a leader that crashed expires after 15 s. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);

    private Optional<CertificateController> controller = Optional.empty();

    @Produces
    @Singleton
    @Startup
    Election election(PillionConfig config, ClusterConnection connection, MeterRegistry meters) {
        return switch (connection) {
            case ClusterConnection.None(String reason) -> new Election.None(reason);
            case ClusterConnection.Within within ->
                config.ownNamespace().isEmpty()
                        ? new Election.None("Pillion's own namespace is not known; set POD_NAMESPACE")
                        : running(
                                within.client(),
                                config.ownNamespace().get(),
                                config.ownPod().orElseGet(CertificateBeans::randomIdentity),
                                meters);
        };
    }

    /** Before beans are disposed of, whose order is not defined: releasing the Lease needs a client that is not closed yet. */
    void stop(@Observes ShutdownEvent event, Election election) {
        controller.ifPresent(CertificateController::close);
        close(election);
    }

    private static Election running(KubernetesClient client, String namespace, String identity, MeterRegistry meters) {
        Leadership leadership = Leadership.contend(client, namespace, LEASE, identity);
        Gauge.builder("pillion.leader", leadership, it -> it.held() ? 1 : 0)
                .description("1 on the leader, 0 on the other replicas")
                .register(meters);
        TaskMetrics.register(meters, "leader-election", () -> Leadership.RETRY, leadership::lastAnswer);
        return new Election.Running(leadership, client, namespace, identity);
    }

    void close(@Disposes Election election) {
        if (election instanceof Election.Running running) {
            running.leadership().close();
        }
    }

    @Produces
    @Singleton
    CurrentCertificate certificate(PillionConfig config, Election election, MeterRegistry meters)
            throws IOException, InvalidCertificateException, InvalidConfigurationException {
        CurrentCertificate certificate = certificateOf(config, election, meters);
        Gauge.builder("pillion.certificate.expiration.timestamp", certificate, live -> live.get()
                        .notAfter()
                        .getEpochSecond())
                .description("When the server certificate expires")
                .baseUnit("seconds")
                .register(meters);
        return certificate;
    }

    void close(@Disposes CurrentCertificate certificate) {
        controller.ifPresent(CertificateController::close);
        certificate.close();
    }

    private CurrentCertificate certificateOf(PillionConfig config, Election election, MeterRegistry meters)
            throws IOException, InvalidCertificateException, InvalidConfigurationException {
        PillionConfig.Tls tls = config.tls();
        boolean fromFiles = tls.certificate().isPresent() && tls.key().isPresent();
        if (tls.certificate().isPresent() != tls.key().isPresent()) {
            throw new InvalidConfigurationException(
                    tls.certificate().isPresent()
                            ? "pillion.tls.certificate is set, and pillion.tls.key is not; set both"
                            : "pillion.tls.key is set, and pillion.tls.certificate is not; set both");
        }
        if (tls.selfManaged() && fromFiles) {
            throw new InvalidConfigurationException(
                    "pillion.tls.self-managed is true, and pillion.tls.certificate and pillion.tls.key are given too;"
                            + " choose one of them");
        }
        if (tls.selfManaged()) {
            return switch (election) {
                case Election.None none ->
                    throw new InvalidConfigurationException("pillion.tls.self-managed is true, but " + none.reason());
                case Election.Running running -> selfManaged(config, running, meters);
            };
        }
        return fromFiles
                ? CurrentCertificate.ofFiles(tls.certificate().get(), tls.key().get())
                : CurrentCertificate.selfSigned();
    }

    private CurrentCertificate selfManaged(PillionConfig config, Election.Running election, MeterRegistry meters)
            throws InvalidConfigurationException, InvalidCertificateException {
        PillionConfig.Tls tls = config.tls();
        Terms terms = terms(tls, election.namespace());
        CertificateSecrets secrets =
                new CertificateSecrets(election.client(), election.namespace(), tls.authoritySecret(), tls.secret());
        CaBundles bundles = new CaBundles(election.client(), tls.webhookConfigurations());
        SecretCertificate source = new SecretCertificate(secrets, bundles, election.identity(), Clock.systemUTC());
        SelfManagedCertificates certificates = new SelfManagedCertificates(
                secrets,
                bundles,
                new Rotation(terms),
                new SelfManagedCertificates.Replica(election.identity(), election, source::served),
                new RotationListener(ExpiryWarnings.eventsAbout(election, config), meters));
        WebhookOwner owner = new WebhookOwner(election.client(), election.namespace(), tls.webhookConfigurations());
        controller = Optional.of(new CertificateController(
                () -> {
                    boolean reconciled =
                            certificates.reconcile(Clock.systemUTC().instant());
                    // If one of the two fails, the other one still runs.
                    boolean owned = !tls.webhookOwnerReference() || owner.reconcile();
                    return reconciled && owned;
                },
                election,
                tls.reloadPeriod(),
                meters));
        Gauge.builder("pillion.certificate.authority.expiration.timestamp", source, it -> it.authorityEnd()
                        .map(end -> (double) end.getEpochSecond())
                        .orElse(Double.NaN))
                .description("When the authority of the server certificate expires")
                .baseUnit("seconds")
                .register(meters);
        return CurrentCertificate.fromSource(source, MAX_WAIT, tls.reloadPeriod(), meters);
    }

    private static Terms terms(PillionConfig.Tls tls, String namespace) throws InvalidConfigurationException {
        List<String> names = new ArrayList<>();
        String service = tls.service() + "." + namespace;
        names.addAll(List.of(service + ".svc", service + ".svc.cluster.local", service));
        tls.subjectAlternativeNames().ifPresent(names::addAll);
        Terms terms = new Terms(tls.authorityLifetime(), tls.certificateLifetime(), tls.overlap(), names);
        Optional<String> problem = terms.problem();
        if (problem.isPresent()) {
            throw new InvalidConfigurationException(
                    "pillion.tls.authority-lifetime, pillion.tls.certificate-lifetime, pillion.tls.overlap or"
                            + " pillion.tls.subject-alternative-names: "
                            + problem.get());
        }
        if (terms.overlap().compareTo(tls.reloadPeriod().multipliedBy(3)) < 0) {
            throw new InvalidConfigurationException(
                    "pillion.tls.overlap must be at least three times pillion.tls.reload-period, so that every replica"
                            + " reads a new authority before the authority signs");
        }
        return terms;
    }

    /** With a random suffix: outside of a Pod, two replicas may run on one machine. */
    private static String randomIdentity() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "pillion";
        }
        return host + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
