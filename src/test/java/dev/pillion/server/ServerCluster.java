package dev.pillion.server;

import dev.pillion.cluster.FakeApiServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/** The cluster that a server under test watches. */
public class ServerCluster implements QuarkusTestResourceLifecycleManager {

    /** A namespace that asks for logging; it is the only one. */
    static final String ASKING = "payments";

    private final FakeApiServer server = new FakeApiServer();

    @Override
    public Map<String, String> start() {
        server.put(ASKING, Map.of("pillion.dev/inject", "logging"));
        try {
            return Map.of(
                    "pillion.cluster.kubeconfig",
                    server.kubeconfig(Files.createTempDirectory("pillion-test-"))
                            .toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        server.close();
    }
}
