package dev.pillion.server;

import dev.pillion.catalog.CatalogReader;
import dev.pillion.catalog.InvalidCatalogException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The server as a process: started with what the command line was told, until it is stopped. */
@Singleton
public final class WebhookServer implements QuarkusApplication {

    private static final int UNUSABLE_INPUT = 2;

    private final HttpServer http;
    private final LiveCatalog catalog;
    private final int managementPort;

    @Inject
    WebhookServer(
            HttpServer http,
            LiveCatalog catalog,
            @ConfigProperty(name = "quarkus.management.port") int managementPort) {
        this.http = http;
        this.catalog = catalog;
        this.managementPort = managementPort;
    }

    /**
     * Runs the server until it is stopped.
     *
     * @param port for HTTPS; 0 for any that is free
     * @param managementPort for health and metrics over HTTP; 0 for any that is free
     * @param certificate a PEM file, read again when it changes; without one a self-signed certificate is made
     * @param key the certificate's, a PEM file
     * @return the process's exit code
     */
    public static int start(
            int port, int managementPort, Optional<Path> profiles, Optional<Path> certificate, Optional<Path> key) {
        if (profiles.isPresent() && !isUsable(profiles.get(), System.err)) {
            return UNUSABLE_INPUT;
        }
        System.setProperty("quarkus.http.ssl-port", Integer.toString(port));
        System.setProperty("quarkus.management.port", Integer.toString(managementPort));
        profiles.ifPresent(directory -> System.setProperty("pillion.profiles.directory", directory.toString()));
        if (certificate.isPresent() && key.isPresent()) {
            LocalCertificate.use(certificate.get(), key.get());
            return launch();
        }
        return launch(LocalCertificate.makeAndUse().toString());
    }

    /** @param arguments for {@link #run(String...)} */
    private static int launch(String... arguments) {
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(
                WebhookServer.class,
                (code, failure) -> {
                    exitCode.set(code);
                    if (failure != null) {
                        System.err.println("the server could not be started: "
                                + rootOf(failure).getMessage());
                    }
                },
                arguments);
        return exitCode.get();
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Says what is wrong with the profiles before anything is started, without a stack trace around it. */
    private static boolean isUsable(Path profiles, PrintStream err) {
        try {
            CatalogReader.read(profiles);
            return true;
        } catch (InvalidCatalogException e) {
            err.println("the profiles in " + profiles + " cannot be used:\n" + e.getMessage());
        } catch (IOException e) {
            err.println("the profiles in " + profiles + " cannot be read: " + e);
        }
        return false;
    }

    /** @param arguments the file of the self-signed certificate, if one was made */
    @Override
    public int run(String... arguments) {
        announce(System.out, Arrays.stream(arguments).findFirst());
        Quarkus.waitForExit();
        return 0;
    }

    private void announce(PrintStream out, Optional<String> selfSigned) {
        String url = "https://localhost:" + http.getSecurePort() + "/mutate";
        out.println("Pillion answers at " + url + "; health and metrics at http://localhost:" + managementPort
                + "/health and /metrics.");
        out.println("Profiles: " + String.join(", ", catalog.get().names()));
        selfSigned.ifPresent(certificate -> out.println("""
                No certificate was given, so a self-signed one was made; it is good for 7 days and for this machine only. Try it:

                  curl --cacert %s -H 'Content-Type: application/json' --data @examples/review.json %s
                """.formatted(certificate, url)));
        out.flush();
    }
}
