package dev.pillion.server;

import dev.pillion.cluster.FakeApiServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The cluster that a server under test watches. */
public class ServerCluster implements QuarkusTestResourceLifecycleManager {

    /** A namespace that requests logging for its Pods. */
    static final String REQUESTING = "payments";

    /** A namespace with strict enforcement. */
    static final String STRICT = "vault";

    /** The namespaces of the recorded reviews, without annotations. */
    private static final List<String> PLAIN = List.of("billing", "data", "observability", "sandbox", "shop");

    private final FakeApiServer server = new FakeApiServer();

    @Override
    public Map<String, String> start() {
        server.put(REQUESTING, Map.of("pillion.dev/inject", "logging"));
        server.put(STRICT, Map.of("pillion.dev/enforcement", "strict"), Map.of());
        PLAIN.forEach(name -> server.put(name, Map.of()));
        try {
            return Map.of(
                    "pillion.cluster.kubeconfig",
                    server.kubeconfig(Files.createTempDirectory(Path.of("target"), "cluster"))
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
