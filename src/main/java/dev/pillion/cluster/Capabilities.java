package dev.pillion.cluster;

import dev.pillion.cluster.ClusterReader.Server;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What the cluster can do, as far as its version tells. It is asked for again from time to time, since clusters are upgraded while Pillion
 * runs; what was last heard stays. Reading costs nothing; {@link #refresh} is for one thread.
 */
public final class Capabilities {

    private static final Logger LOG = Logger.getLogger(Capabilities.class);

    private final ClusterReader reader;
    private volatile Optional<Server> server = Optional.empty();
    private String problem = "";

    public Capabilities(ClusterReader reader) {
        this.reader = reader;
    }

    /** Empty until the API server has answered for the first time. */
    public Optional<Server> server() {
        return server;
    }

    /** Whether sidecars can be native. So it is taken to be where the version is not known: all that are supported have them. */
    public boolean nativeSidecars() {
        return server.flatMap(Server::version)
                .map(version -> version.hasNativeSidecars())
                .orElse(true);
    }

    /**
     * Asks the API server.
     *
     * @return whether it answered
     */
    public boolean refresh() {
        try {
            Server present = reader.server();
            if (!Optional.of(present).equals(server)) {
                server = Optional.of(present);
                LOG.infof(
                        "the API server is %s; sidecars are %s",
                        present.gitVersion(),
                        nativeSidecars() ? "native ones" : "plain containers, as it has no native ones");
            }
            problem = "";
            return true;
        } catch (UnreachableClusterException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(problem)) {
                LOG.warnf("the cluster's version is not known anew: %s", message);
            }
            problem = message;
            return false;
        }
    }
}
