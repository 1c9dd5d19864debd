package dev.pillion.cli.rollout;

import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of {@code pillion rollout} with a simulated cluster. */
abstract class SimulatedRollout {

    @TempDir
    Path directory;

    SimulatedCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster(directory);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    Run rollout(String... arguments) throws IOException {
        return cluster.rollout(directory, arguments);
    }

    /** Without a dry run and without a confirmation. */
    Run rolloutOfShop(String... more) throws IOException {
        return rollout(Stream.of(new String[] {"-n", "shop", "--yes"}, more)
                .flatMap(Stream::of)
                .toArray(String[]::new));
    }

    Run audit() throws IOException {
        return Run.of(
                "audit", "--kubeconfig", cluster.server.kubeconfig(directory).toString(), "-n", "shop");
    }
}
