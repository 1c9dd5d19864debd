package dev.pillion.server;

import dev.pillion.certificates.SelfSignedCertificate;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The files that a server under test reads: its certificate and a directory of profiles. */
public class ServerFiles implements QuarkusTestResourceLifecycleManager {

    /** The directory of the files, for tests that change them. */
    static final String DIRECTORY = "test.directory";

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory(Path.of("target"), "server");
            Files.createDirectory(directory.resolve("profiles"));
            writeCertificate(directory);
            return Map.of(
                    DIRECTORY,
                    directory.toString(),
                    "pillion.tls.certificate",
                    directory.resolve("tls.crt").toString(),
                    "pillion.tls.key",
                    directory.resolve("tls.key").toString(),
                    "pillion.tls.reload-period",
                    "100ms",
                    "pillion.profiles.directory",
                    directory.resolve("profiles").toString(),
                    "pillion.profiles.reload-period",
                    "100ms");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {}

    static void writeCertificate(Path directory) throws IOException {
        SelfSignedCertificate certificate =
                SelfSignedCertificate.create(List.of("localhost", "127.0.0.1"), Duration.ofHours(1), Clock.systemUTC());
        Files.writeString(directory.resolve("tls.key"), certificate.key());
        Files.writeString(directory.resolve("tls.crt"), certificate.certificate());
    }
}
