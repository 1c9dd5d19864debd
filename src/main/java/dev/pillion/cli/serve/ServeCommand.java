package dev.pillion.cli.serve;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = "Run the webhook. Without a certificate, it creates a short-lived one for a trial.",
        footer = {
            "",
            "Examples:",
            "  pillion serve",
            "  pillion serve --profiles profiles --certificate tls.crt --key tls.key",
            "  pillion serve --kubeconfig ~/.kube/config"
        })
public final class ServeCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    private final ServerLauncher launcher;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "HTTPS port of the webhook; 0 for any free port (default: 8443).")
    private int port = ServeOptions.DEFAULT_PORT;

    @Option(
            names = "--management-port",
            paramLabel = "N",
            description = "Port for health and metrics; 0 for any free port (default: 9000).")
    private int managementPort = ServeOptions.DEFAULT_MANAGEMENT_PORT;

    @Option(names = "--certificate", paramLabel = "FILE", description = "The server's certificate chain (PEM).")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "The private key of the certificate (PEM).")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "The kubeconfig of the cluster whose namespaces, profiles and policies the webhook watches. In a Pod,"
                            + " Pillion uses its ServiceAccount.")
    private Optional<Path> kubeconfig = Optional.empty();

    public ServeCommand(ServerLauncher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws UnusableInputException {
        checkPort("--port", port);
        checkPort("--management-port", managementPort);
        if (port == managementPort && port != 0) {
            throw new UnusableInputException(
                    "--port and --management-port are both " + port + "; they must be different");
        }
        if (certificate.isPresent() != key.isPresent()) {
            throw new UnusableInputException("--certificate and --key must be given together; "
                    + (key.isPresent() ? "--certificate" : "--key") + " is missing");
        }
        if (certificate.isPresent() && key.isPresent()) {
            checkReadable("--certificate", certificate.get());
            checkReadable("--key", key.get());
        }
        if (kubeconfig.isPresent()) {
            checkKubeconfig(kubeconfig.get());
        }
        return launcher.launch(
                new ServeOptions(port, managementPort, catalog.directory(), certificate, key, kubeconfig));
    }

    private static void checkPort(String option, int port) throws UnusableInputException {
        if (port < 0 || port > 65_535) {
            throw new UnusableInputException(option + " must be a port from 0 to 65535, is " + port);
        }
    }

    private static void checkKubeconfig(Path kubeconfig) throws UnusableInputException {
        try {
            Cluster.of(kubeconfig);
        } catch (InvalidClusterException e) {
            throw new UnusableInputException("--kubeconfig: " + e.getMessage());
        }
    }

    private static void checkReadable(String option, Path file) throws UnusableInputException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UnusableInputException(
                    option + ": " + file + (Files.exists(file) ? ": cannot be read" : ": no such file"));
        }
    }
}
