package dev.pillion.server;

import dev.pillion.certificates.SelfSignedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Hands the HTTPS server its certificate, by the properties of Quarkus' TLS registry. */
final class LocalCertificate {

    private static final Duration VALIDITY = Duration.ofDays(7);
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1");

    private LocalCertificate() {}

    static void use(Path certificate, Path key) {
        System.setProperty("quarkus.tls.pillion.key-store.pem.0.cert", certificate.toString());
        System.setProperty("quarkus.tls.pillion.key-store.pem.0.key", key.toString());
    }

    /** Makes a self-signed certificate that is gone when the process ends, and tells where it is. */
    static Path makeAndUse() {
        SelfSignedCertificate made = SelfSignedCertificate.create(NAMES, VALIDITY, Clock.systemUTC());
        try {
            Path directory = Files.createTempDirectory("pillion-");
            Path certificate = directory.resolve("tls.crt");
            Path key = directory.resolve("tls.key");
            // Deleted in the reverse of this order.
            List.of(directory, certificate, key).forEach(file -> file.toFile().deleteOnExit());
            Files.writeString(certificate, made.certificate());
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, made.key());
            use(certificate, key);
            return certificate;
        } catch (IOException e) {
            throw new UncheckedIOException("no certificate could be written to the temporary directory", e);
        }
    }
}
