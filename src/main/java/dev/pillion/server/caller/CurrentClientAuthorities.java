package dev.pillion.server.caller;

import dev.pillion.certificates.ClientAuthorities;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.server.configuration.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The certificate authorities in a file, read again when it changes. While the file is missing or invalid, the last valid ones apply. */
final class CurrentClientAuthorities implements Supplier<ClientAuthorities> {

    private static final Logger LOG = Logger.getLogger(CurrentClientAuthorities.class);

    private final Path file;
    private String pem;
    private String problem = "";
    private volatile ClientAuthorities current;

    /** @throws InvalidConfigurationException if the file cannot be used, because no caller could be authenticated */
    CurrentClientAuthorities(Path file) throws InvalidConfigurationException {
        this.file = file;
        try {
            this.pem = Files.readString(file);
            this.current = ClientAuthorities.parse(pem);
        } catch (IOException | InvalidCertificateException e) {
            throw new InvalidConfigurationException(
                    "pillion.clients.certificate-authority, " + file + ": " + described(e));
        }
    }

    @Override
    public ClientAuthorities get() {
        return current;
    }

    /**
     * Reads the file again. Must be called by one thread only.
     *
     * @return whether the file could be used
     */
    boolean refresh() {
        try {
            String read = Files.readString(file);
            if (!read.equals(pem)) {
                current = ClientAuthorities.parse(read);
                pem = read;
                LOG.infof("client certificates are now verified by %s", current.subjects());
            }
            problem = "";
            return true;
        } catch (IOException | InvalidCertificateException e) {
            if (!described(e).equals(problem)) {
                problem = described(e);
                LOG.errorf(
                        "%s cannot be used, so client certificates are still verified by %s: %s",
                        file, current.subjects(), problem);
            }
            return false;
        }
    }

    private static String described(Exception e) {
        return e instanceof IOException ? e.toString() : String.valueOf(e.getMessage());
    }
}
