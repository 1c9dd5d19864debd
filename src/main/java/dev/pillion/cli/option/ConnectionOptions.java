package dev.pillion.cli.option;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.InvalidClusterException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The cluster that is asked. */
public final class ConnectionOptions {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "How the cluster is reached; by default as kubectl does: $KUBECONFIG, ~/.kube/config, or as a"
                    + " Pod's ServiceAccount.")
    private Optional<Path> kubeconfig = Optional.empty();

    public Cluster cluster() throws UnusableInputException {
        try {
            Optional<Path> file = kubeconfig.isPresent() ? kubeconfig : usual();
            if (file.isPresent()) {
                return Cluster.of(file.get());
            }
        } catch (InvalidClusterException e) {
            throw new UnusableInputException("--kubeconfig: " + e.getMessage());
        }
        return Cluster.around()
                .orElseThrow(() -> new UnusableInputException(
                        "no cluster is known: give --kubeconfig FILE, or manifests by -f FILE"));
    }

    /** The first of several files: what is spread over more has to be merged by {@code kubectl config view --flatten}. */
    private static Optional<Path> usual() {
        String variable = Optional.ofNullable(System.getenv("KUBECONFIG")).orElse("");
        if (!variable.isEmpty()) {
            return Optional.of(Path.of(variable.split(File.pathSeparator, -1)[0]));
        }
        Path home = Path.of(System.getProperty("user.home"), ".kube", "config");
        return Files.isRegularFile(home) ? Optional.of(home) : Optional.empty();
    }
}
