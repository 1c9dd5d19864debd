package dev.pillion.server.caller;

import dev.pillion.cluster.ClusterReader;
import dev.pillion.server.cluster.ClusterConnection;
import dev.pillion.server.configuration.InvalidConfigurationException;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Provides the authentication of callers, and closes its periodic tasks. */
@ApplicationScoped
class CallerBeans {

    /** The cluster may sign with a new key at any time. */
    private static final Duration KEYS_PERIOD = Duration.ofMinutes(1);

    /** The server is not ready before it has read the first keys. */
    private static final Duration FIRST_KEYS_PERIOD = Duration.ofSeconds(1);

    private static final Pattern SERVICE_ACCOUNT = Pattern.compile("([a-z0-9-]+)/([a-z0-9.-]+)");

    private Optional<PeriodicTasks> tasks = Optional.empty();

    @Produces
    @Singleton
    @Startup
    CallerAuthenticator callers(PillionConfig config, ClusterConnection connection, MeterRegistry meters)
            throws InvalidConfigurationException {
        PillionConfig.Clients clients = config.clients();
        if (clients.certificateAuthority().isEmpty()
                && (clients.names().isPresent() || clients.groups().isPresent())) {
            throw new InvalidConfigurationException("pillion.clients.names and pillion.clients.groups choose among the"
                    + " certificates of pillion.clients.certificate-authority, which is not set");
        }
        if (clients.certificateAuthority().isEmpty()
                && clients.serviceAccounts().isEmpty()) {
            return CallerAuthenticator.OFF;
        }
        PeriodicTasks running = new PeriodicTasks("callers", meters);
        tasks = Optional.of(running);
        CredentialExpiry expiry = new CredentialExpiry(meters, InstantSource.system());
        List<CredentialCheck> checks = new ArrayList<>();
        if (clients.certificateAuthority().isPresent()) {
            CurrentClientAuthorities authorities =
                    authorities(clients.certificateAuthority().get(), meters);
            running.every(config.tls().reloadPeriod(), "client-authorities", authorities::refresh);
            checks.add(new ClientCertificateCheck(authorities, subjects(clients), expiry, InstantSource.system()));
        }
        if (clients.serviceAccounts().isPresent()) {
            Set<String> accounts = accountNames(clients.serviceAccounts().get());
            CurrentTokenVerifier verifier = verifier(clients.tokenAudience(), connection);
            running.pausing(
                    () -> verifier.get().isPresent() ? KEYS_PERIOD : FIRST_KEYS_PERIOD,
                    "token-keys",
                    verifier::refresh);
            checks.add(new TokenCheck(verifier, accounts, expiry, InstantSource.system()));
        }
        return new AuthenticatedCallers(checks, meters);
    }

    void stop(@Observes ShutdownEvent event) {
        tasks.ifPresent(PeriodicTasks::close);
    }

    private static CurrentClientAuthorities authorities(Path file, MeterRegistry meters)
            throws InvalidConfigurationException {
        CurrentClientAuthorities authorities = new CurrentClientAuthorities(file);
        Gauge.builder("pillion.client.authority.expiration.timestamp", authorities, it -> it.get()
                        .notAfter()
                        .getEpochSecond())
                .description("When the last authority for client certificates expires")
                .baseUnit("seconds")
                .register(meters);
        return authorities;
    }

    private static ClientCertificateCheck.Subjects subjects(PillionConfig.Clients clients) {
        return new ClientCertificateCheck.Subjects(
                clients.names().orElse(Set.of()), clients.groups().orElse(Set.of()));
    }

    private static CurrentTokenVerifier verifier(String audience, ClusterConnection connection)
            throws InvalidConfigurationException {
        return switch (connection) {
            case ClusterConnection.None(String reason) ->
                throw new InvalidConfigurationException(
                        "pillion.clients.service-accounts needs the cluster's keys to verify tokens, but " + reason);
            case ClusterConnection.Within(var cluster, var client) -> {
                ClusterReader reader = new ClusterReader(cluster, client);
                yield new CurrentTokenVerifier(reader::tokenIssuer, audience, InstantSource.system());
            }
        };
    }

    static Set<String> accountNames(Set<String> accounts) throws InvalidConfigurationException {
        for (String account : accounts) {
            if (!SERVICE_ACCOUNT.matcher(account).matches()) {
                throw new InvalidConfigurationException("pillion.clients.service-accounts: '" + account
                        + "' is not of the form NAMESPACE/NAME, such as kube-system/pillion-caller");
            }
        }
        return accounts.stream()
                .map(account -> "system:serviceaccount:" + account.replace('/', ':'))
                .collect(Collectors.toSet());
    }
}
