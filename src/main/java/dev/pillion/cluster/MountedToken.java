package dev.pillion.cluster;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The token of a ServiceAccount, read again for each request: the kubelet replaces the file before the token expires. If the file cannot be read, the
 * request must not fail, since fabric8's informer would not try again.
 */
final class MountedToken implements OAuthTokenProvider {

    private final Path file;
    private volatile String last = "";

    MountedToken(Path file) {
        this.file = file;
    }

    @Override
    public String getToken() {
        try {
            last = Files.readString(file).strip();
        } catch (IOException e) {
            // The last token may still be valid. If it is not, the API server answers 401.
        }
        return last;
    }
}
