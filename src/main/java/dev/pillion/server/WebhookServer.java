package dev.pillion.server;

import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.server.catalog.CurrentCatalog;
import dev.pillion.server.certificate.CurrentCertificate;
import dev.pillion.server.cluster.Namespaces;
import dev.pillion.server.configuration.InvalidConfigurationException;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.http.ConnectionExtension;
import dev.pillion.server.http.EventLoops;
import dev.pillion.server.log.AsyncConsole;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import sun.misc.Signal;

/** Runs the server from the options of the command line until it is stopped. */
@Singleton
public final class WebhookServer implements QuarkusApplication {

    private static final int UNUSABLE_INPUT = 2;

    private final HttpServer http;
    private final CurrentCatalog catalog;
    private final CurrentCertificate certificate;
    private final Namespaces namespaces;
    private final PillionConfig config;
    private final int managementPort;

    @Inject
    WebhookServer(
            HttpServer http,
            CurrentCatalog catalog,
            CurrentCertificate certificate,
            Namespaces namespaces,
            PillionConfig config,
            @ConfigProperty(name = "quarkus.management.port") int managementPort) {
        this.http = http;
        this.catalog = catalog;
        this.certificate = certificate;
        this.namespaces = namespaces;
        this.config = config;
        this.managementPort = managementPort;
    }

    /**
     * Runs the server until it is stopped.
     *
     * @param port for HTTPS; 0 for any free port
     * @param managementPort for health and metrics over HTTP; 0 for any free port
     * @param certificate a PEM file, read again when it changes; without it, a self-signed certificate is created
     * @param key of the certificate, a PEM file
     * @param kubeconfig of the cluster to watch; without it, the cluster in which this process runs, if any
     * @return the process's exit code
     */
    public static int start(
            int port,
            int managementPort,
            Optional<Path> profiles,
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<Path> kubeconfig) {
        try (AsyncConsole _ = AsyncConsole.install()) {
            return run(port, managementPort, profiles, certificate, key, kubeconfig);
        }
    }

    private static int run(
            int port,
            int managementPort,
            Optional<Path> profiles,
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<Path> kubeconfig) {
        System.setProperty("quarkus.http.ssl-port", Integer.toString(port));
        System.setProperty("quarkus.management.port", Integer.toString(managementPort));
        profiles.ifPresent(directory -> System.setProperty("pillion.profiles.directory", directory.toString()));
        certificate.ifPresent(file -> System.setProperty("pillion.tls.certificate", file.toString()));
        key.ifPresent(file -> System.setProperty("pillion.tls.key", file.toString()));
        kubeconfig.ifPresent(file -> System.setProperty("pillion.cluster.kubeconfig", file.toString()));
        EventLoops.configure();
        ConnectionExtension.enable();
        // Compiles the built-in profiles while Quarkus starts, which takes as long.
        Thread.ofPlatform().daemon().name("profiles").start(() -> CatalogReader.builtIn()
                .compiled());
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(WebhookServer.class, (code, failure) -> {
            exitCode.set(code);
            if (failure != null) {
                Throwable root = rootOf(failure);
                Optional<String> problem =
                        switch (root) {
                            case InvalidCatalogException e ->
                                Optional.of("the profiles in "
                                        + profiles.map(Path::toString).orElse("?") + ":\n" + e.getMessage());
                            case InvalidCertificateException e ->
                                Optional.of(
                                        (certificate.isPresent() ? "--certificate and --key: " : "") + e.getMessage());
                            case InvalidConfigurationException e -> Optional.of(String.valueOf(e.getMessage()));
                            case InvalidClusterException e -> Optional.of(String.valueOf(e.getMessage()));
                            case FileSystemException e -> Optional.of(e.toString());
                            case BindException e ->
                                Optional.of("a port is in use; choose others with --port (now " + port
                                        + ") and --management-port (now " + managementPort + ")");
                            default -> Optional.empty();
                        };
                System.err.println("pillion: the server could not be started: "
                        + problem.orElse(String.valueOf(root.getMessage())));
                exitCode.set(problem.isPresent() ? UNUSABLE_INPUT : code);
            }
        });
        return exitCode.get();
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    @Override
    public int run(String... arguments) throws IOException {
        announce(System.out);
        // On SIGTERM, Java exits with 143, which the kubelet reports as a failure.
        Signal.handle(new Signal("TERM"), signal -> Quarkus.asyncExit(0));
        Quarkus.waitForExit();
        return 0;
    }

    private void announce(PrintStream out) throws IOException {
        String url = "https://localhost:" + http.getSecurePort() + "/mutate";
        out.println("Pillion answers at " + url + "; health and metrics at http://localhost:" + managementPort
                + "/health and /metrics.");
        out.println("Profiles: " + String.join(", ", catalog.get().names()));
        out.println("Namespaces: "
                + switch (namespaces) {
                    case Namespaces.Watched known ->
                        "watched at " + known.watched().cluster().url();
                    case Namespaces.Unwatched unknown -> "not watched, because " + unknown.reason();
                });
        config.clients()
                .certificateAuthority()
                .ifPresent(file -> out.println("Clients: must present a certificate by an authority in " + file));
        config.clients()
                .serviceAccounts()
                .ifPresent(accounts -> out.println("Clients: may present a token of " + String.join(", ", accounts)));
        if (config.tls().selfManaged()) {
            out.println("Certificate: self-managed, in Secret " + config.tls().secret() + "; valid until "
                    + certificate.get().notAfter());
        } else if (config.tls().certificate().isEmpty()) {
            out.printf("""
                    Certificate: none is set, so Pillion created a self-signed one, valid for 7 days on this machine. To send a review, run:

                      curl --cacert %s%s -H 'Content-Type: application/json' --data @examples/review.json %s

                    """, certificate.writeForClients(), credentials(), url);
        }
        out.flush();
    }

    /** The options of curl for the credentials of a caller. */
    private String credentials() {
        if (config.clients().certificateAuthority().isPresent()) {
            return " --cert CLIENT.crt --key CLIENT.key";
        }
        return config.clients().serviceAccounts().isPresent() ? " -H 'Authorization: Bearer TOKEN'" : "";
    }
}
