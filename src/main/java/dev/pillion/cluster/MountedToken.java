package dev.pillion.cluster;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A ServiceAccount's token, read anew for each request, since the kubelet replaces the file before the token in it expires. A file that
 * cannot be read must not fail the request: fabric8's informer would never try again.
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
            // The last one may still be good; if not, the API server says so.
        }
        return last;
    }
}
