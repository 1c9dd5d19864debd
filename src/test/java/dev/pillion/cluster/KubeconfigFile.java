package dev.pillion.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a kubeconfig for the API server of a test. */
final class KubeconfigFile {

    private KubeconfigFile() {}

    static Path write(Path directory, String url) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), """
                        apiVersion: v1
                        kind: Config
                        clusters: [{name: fake, cluster: {server: "%s"}}]
                        users: [{name: pillion, user: {token: secret}}]
                        contexts: [{name: fake, context: {cluster: fake, user: pillion}}]
                        current-context: fake
                        """.formatted(url));
    }
}
