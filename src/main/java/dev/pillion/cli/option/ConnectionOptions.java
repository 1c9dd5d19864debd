package dev.pillion.cli.option;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The cluster to connect to. */
public final class ConnectionOptions {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig of the cluster (default: as for kubectl, $KUBECONFIG, ~/.kube/config, or the"
                    + " Pod's ServiceAccount).")
    private Optional<Path> kubeconfig = Optional.empty();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "The context of the kubeconfig (default: its current context).")
    private Optional<String> context = Optional.empty();

    /** Whether one of these options is given. */
    public boolean areGiven() {
        return kubeconfig.isPresent() || context.isPresent();
    }

    public Cluster cluster() throws UnusableInputException {
        try {
            Optional<Path> file = kubeconfig.isPresent() ? kubeconfig : defaultFile();
            if (file.isPresent()) {
                return Cluster.of(file.get(), context);
            }
        } catch (InvalidClusterException e) {
            throw new UnusableInputException("--kubeconfig: " + e.getMessage());
        }
        if (context.isPresent()) {
            throw new UnusableInputException("--context: there is no kubeconfig; give --kubeconfig FILE");
        }
        return Cluster.around()
                .orElseThrow(() -> new UnusableInputException("there is no kubeconfig: give --kubeconfig FILE"));
    }

    /** Only the first of several files is read: {@code kubectl config view --flatten} merges them. */
    private static Optional<Path> defaultFile() {
        String variable = Optional.ofNullable(System.getenv("KUBECONFIG")).orElse("");
        if (!variable.isEmpty()) {
            return Optional.of(Path.of(variable.split(File.pathSeparator, -1)[0]));
        }
        Path home = Path.of(System.getProperty("user.home"), ".kube", "config");
        return Files.isRegularFile(home) ? Optional.of(home) : Optional.empty();
    }
}
