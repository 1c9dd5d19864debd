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
 * The certificate that the server shows. What the files hold is taken only when it is a certificate with its key: in the middle of a
 * renewal, or after a broken one, the last good pair goes on.
 */
public final class CurrentCertificate implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(CurrentCertificate.class);
    private static final Duration AWAITED_EVERY = Duration.ofMillis(200);
    private static final Duration SELF_SIGNED_VALIDITY = Duration.ofDays(7);
    private static final List<String> LOCAL_NAMES = List.of("localhost", "127.0.0.1", "::1");

    private final Source source;
    private volatile ServerCertificate current;
    private volatile Optional<ServerCertificate> previous = Optional.empty();
    private String problem = "";

    private Optional<PeriodicTasks> refreshing = Optional.empty();

    /** Where certificates come from. */
    interface Source {

        /**
         * @param current what is served now, if anything is
         * @return what is to be served from now on, which may be the same
         */
        ServerCertificate read(Optional<ServerCertificate> current) throws IOException, InvalidCertificateException;

        /** Hears periodically what is served. */
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
     * Takes the first certificate that the source has, and looks at it again on a thread of its own: whoever else waits for the
     * source, which may take long to answer, is not held up.
     *
     * @param patience for the first one
     * @throws InvalidCertificateException with the last reason, when there is none in time
     */
    static CurrentCertificate awaiting(Source source, Duration patience, Duration period, MeterRegistry meters)
            throws InvalidCertificateException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                CurrentCertificate certificate = new CurrentCertificate(source);
                certificate.refreshEvery(period, meters);
                return certificate;
            } catch (IOException | InvalidCertificateException e) {
                if (System.nanoTime() > deadline) {
                    throw new InvalidCertificateException(
                            "there is no certificate after " + patience.toSeconds() + " s: " + e.getMessage());
                }
                LOG.debugf("waiting for a certificate: %s", e.getMessage());
                LockSupport.parkNanos(AWAITED_EVERY.toNanos());
            }
        }
    }

    private void refreshEvery(Duration period, MeterRegistry meters) {
        PeriodicTasks tasks = new PeriodicTasks("certificate", meters);
        tasks.every(period, "certificate-secret", this::refresh);
        refreshing = Optional.of(tasks);
    }

    /** Whether it looks at its source by itself; otherwise someone must {@link #refresh} it. */
    public boolean refreshesItself() {
        return refreshing.isPresent();
    }

    @Override
    public void close() {
        refreshing.ifPresent(PeriodicTasks::close);
    }

    /** Makes a self-signed certificate for this machine's own names. */
    static CurrentCertificate selfSigned() throws IOException, InvalidCertificateException {
        SelfSignedCertificate made = SelfSignedCertificate.create(LOCAL_NAMES, SELF_SIGNED_VALIDITY, Clock.systemUTC());
        ServerCertificate certificate = ServerCertificate.parse(made.certificate(), made.key());
        return new CurrentCertificate(_ -> certificate);
    }

    public ServerCertificate get() {
        return current;
    }

    /** The one that was in force before. */
    Optional<ServerCertificate> previous() {
        return previous;
    }

    /**
     * Looks at the source again. For one thread.
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
            LOG.infof("a new certificate is in force, good until %s", read.notAfter());
            source.serving(read);
            return true;
        } catch (IOException | InvalidCertificateException e) {
            keep(e instanceof IOException ? e.toString() : String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void keep(String message) {
        if (!problem.equals(message)) {
            LOG.errorf(
                    "the certificate cannot be read again; the one in force is good until %s: %s",
                    current.notAfter(), message);
        }
        problem = message;
    }

    /** The certificate in a file of its own, for a client that is to trust it; gone when the process ends. */
    public Path writeForClients() throws IOException {
        Path file = Files.createTempFile("pillion-", ".crt");
        file.toFile().deleteOnExit();
        return Files.writeString(file, current.certificatePem());
    }
}
