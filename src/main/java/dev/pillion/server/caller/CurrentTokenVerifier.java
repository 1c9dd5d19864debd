package dev.pillion.server.caller;

import dev.pillion.cluster.ClusterReader.TokenIssuer;
import dev.pillion.cluster.UnreachableClusterException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jose4j.lang.JoseException;

/** The cluster's keys for tokens, read again periodically. While they cannot be read, the last ones apply. */
final class CurrentTokenVerifier implements Supplier<Optional<TokenVerifier>> {

    private static final Logger LOG = Logger.getLogger(CurrentTokenVerifier.class);

    private final Source source;
    private final String audience;
    private final InstantSource clock;
    private String problem = "";
    private volatile Optional<TokenVerifier> current = Optional.empty();

    /** The source of the keys. */
    interface Source {
        TokenIssuer read() throws UnreachableClusterException;
    }

    CurrentTokenVerifier(Source source, String audience, InstantSource clock) {
        this.source = source;
        this.audience = audience;
        this.clock = clock;
    }

    /** Empty until the keys were read for the first time. */
    @Override
    public Optional<TokenVerifier> get() {
        return current;
    }

    /**
     * Reads the keys again. Must be called by one thread only.
     *
     * @return whether the keys could be read
     */
    boolean refresh() {
        try {
            TokenIssuer read = source.read();
            if (current.isEmpty() || !current.get().isOf(read)) {
                current = Optional.of(new TokenVerifier(read, audience, clock));
                LOG.infof("tokens are verified by the keys of %s", read.issuer());
            }
            problem = "";
            return true;
        } catch (UnreachableClusterException | JoseException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(problem)) {
                LOG.warnf(
                        "the keys for tokens cannot be read: %s%s",
                        message, current.isEmpty() ? "" : "; the last keys that were read still apply");
            }
            problem = message;
            return false;
        }
    }
}
