package dev.pillion.cluster;

import dev.pillion.cluster.ClusterReader.Server;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The features of the cluster, by its version. The version is read periodically, since clusters are upgraded while Pillion runs; the last known
 * version stays until then. {@link #refresh} is for one thread; the other methods perform no I/O.
 */
public final class Capabilities {

    private static final Logger LOG = Logger.getLogger(Capabilities.class);

    private final ClusterReader reader;
    private volatile Optional<Server> server = Optional.empty();
    private String problem = "";

    public Capabilities(ClusterReader reader) {
        this.reader = reader;
    }

    /** Empty until the API server has answered once. */
    public Optional<Server> server() {
        return server;
    }

    /** Whether the cluster has native sidecars. True while the version is unknown: every supported version has them. */
    public boolean nativeSidecars() {
        return server.flatMap(Server::version)
                .map(version -> version.hasNativeSidecars())
                .orElse(true);
    }

    /**
     * Reads the version from the API server.
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
                        nativeSidecars()
                                ? "native ones"
                                : "plain containers, because it does not support native sidecars");
            }
            problem = "";
            return true;
        } catch (UnreachableClusterException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(problem)) {
                LOG.warnf("the version of the cluster cannot be read: %s", message);
            }
            problem = message;
            return false;
        }
    }
}
