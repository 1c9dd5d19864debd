package dev.pillion.server.certificate;

import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.SelfSignedCertificate;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The certificate that the server presents. A new one is used only if it is valid and its key matches: during a renewal, or after a failed one, the last
 * good pair stays.
 */
public final class CurrentCertificate implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(CurrentCertificate.class);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration SELF_SIGNED_VALIDITY = Duration.ofDays(7);
    private static final List<String> LOCAL_NAMES = List.of("localhost", "127.0.0.1", "::1");

    private final Source source;
    private volatile ServerCertificate current;
    private volatile Optional<ServerCertificate> previous = Optional.empty();
    private String problem = "";

    private Optional<PeriodicTasks> refreshing = Optional.empty();

    /** The source of certificates. */
    interface Source {

        /**
         * @param current the certificate that is served now, if any
         * @return the certificate to serve from now on, which may be the same
         */
        ServerCertificate read(Optional<ServerCertificate> current) throws IOException, InvalidCertificateException;

        /** Receives the certificate that is served, periodically. */
        default void serving(ServerCertificate current) {}
    }

    private CurrentCertificate(Source source) throws IOException, InvalidCertificateException {
        this.source = source;
        this.current = source.read(Optional.empty());
    }

    /** Reads PEM files, which may be replaced later. */
    static CurrentCertificate ofFiles(Path certificate, Path key) throws IOException, InvalidCertificateException {
        return new CurrentCertificate(
                _ -> ServerCertificate.parse(Files.readString(certificate), Files.readString(key)));
    }

    /**
     * Waits for the first certificate of the source and reads the source periodically from then on, on a thread of its own, since the source may be
     * slow.
     *
     * @param maxWait for the first certificate
     * @throws InvalidCertificateException with the last reason, if there is no certificate in time
     */
    static CurrentCertificate fromSource(Source source, Duration maxWait, Duration period, MeterRegistry meters)
            throws InvalidCertificateException {
        long deadline = System.nanoTime() + maxWait.toNanos();
        while (true) {
            try {
                CurrentCertificate certificate = new CurrentCertificate(source);
                certificate.refreshEvery(period, meters);
                return certificate;
            } catch (IOException | InvalidCertificateException e) {
                if (System.nanoTime() > deadline) {
                    throw new InvalidCertificateException(
                            "there is no certificate after " + maxWait.toSeconds() + " s: " + e.getMessage());
                }
                LOG.debugf("waiting for a certificate: %s", e.getMessage());
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private void refreshEvery(Duration period, MeterRegistry meters) {
        PeriodicTasks tasks = new PeriodicTasks("certificate", meters);
        tasks.every(period, "certificate-secret", this::refresh);
        refreshing = Optional.of(tasks);
    }

    /** Whether this reads its source periodically; otherwise {@link #refresh} must be called. */
    public boolean refreshesItself() {
        return refreshing.isPresent();
    }

    @Override
    public void close() {
        refreshing.ifPresent(PeriodicTasks::close);
    }

    /** Creates a self-signed certificate for the local names. */
    static CurrentCertificate selfSigned() throws IOException, InvalidCertificateException {
        SelfSignedCertificate made = SelfSignedCertificate.create(LOCAL_NAMES, SELF_SIGNED_VALIDITY, Clock.systemUTC());
        ServerCertificate certificate = ServerCertificate.parse(made.certificate(), made.key());
        return new CurrentCertificate(_ -> certificate);
    }

    public ServerCertificate get() {
        return current;
    }

    /** The certificate before the current one. */
    Optional<ServerCertificate> previous() {
        return previous;
    }

    /**
     * Reads the source again. For one thread.
     *
     * @return whether it could be read
     */
    public boolean refresh() {
        try {
            ServerCertificate read = source.read(Optional.of(current));
            problem = "";
            if (read.certificatePem().equals(current.certificatePem())
                    && read.keyPem().equals(current.keyPem())) {
                source.serving(current);
                return true;
            }
            previous = Optional.of(current);
            current = read;
            LOG.infof("a new certificate is in force, valid until %s", read.notAfter());
            source.serving(read);
            return true;
        } catch (IOException | InvalidCertificateException e) {
            logProblem(e instanceof IOException ? e.toString() : String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void logProblem(String message) {
        if (!problem.equals(message)) {
            LOG.errorf(
                    "the new certificate cannot be used; the one in force is valid until %s: %s",
                    current.notAfter(), message);
        }
        problem = message;
    }

    /** Writes the certificate to a temporary file, for clients that should trust it. The file is deleted when the process ends. */
    public Path writeForClients() throws IOException {
        Path file = Files.createTempFile("pillion-", ".crt");
        file.toFile().deleteOnExit();
        return Files.writeString(file, current.certificatePem());
    }
}
