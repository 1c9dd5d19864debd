package dev.pillion.cli.certs;

import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.Pem;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cli.manifest.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;

/** PEM files in a directory, with the names that Kubernetes uses in Secrets. */
record CertificateFiles(Path directory) {

    static final String AUTHORITY = "ca.crt";
    static final String AUTHORITY_KEY = "ca.key";
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";

    static String read(Path file) throws UnusableInputException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UnusableInputException(file + ": no such file");
        } catch (IOException e) {
            throw new UnusableInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    static List<X509Certificate> certificates(Path file) throws UnusableInputException {
        try {
            return Pem.certificates(read(file));
        } catch (InvalidCertificateException e) {
            throw new UnusableInputException(file + ": " + e.getMessage());
        }
    }

    void checkAbsent(String... names) throws UnusableInputException {
        for (String name : names) {
            if (Files.exists(directory.resolve(name))) {
                throw new UnusableInputException(directory.resolve(name)
                        + " exists already and is not overwritten; choose another --out, or use"
                        + " `pillion certs renew` for a new certificate of the same authority");
            }
        }
    }

    /** Writes the key first: a server that reads between the two writes sees a pair that does not match, and keeps its current one. */
    void write(ServerCertificate certificate) throws UnusableInputException {
        writeSecret(KEY, certificate.keyPem());
        write(CERTIFICATE, certificate.certificatePem());
    }

    void write(String name, String text) throws UnusableInputException {
        write(name, text, false);
    }

    /** Only the owner can read the file, from its first byte on. */
    void writeSecret(String name, String text) throws UnusableInputException {
        write(name, text, true);
    }

    private void write(String name, String text, boolean secret) throws UnusableInputException {
        Path file = directory.resolve(name);
        try {
            Files.createDirectories(directory);
            // Only the owner can read a temporary file.
            Path written = Files.writeString(Files.createTempFile(directory, name, ".new"), text);
            if (!secret && written.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnusableInputException(file + ": cannot be written: " + e.getMessage());
        }
    }
}
