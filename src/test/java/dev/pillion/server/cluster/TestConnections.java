package dev.pillion.server.cluster;

import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.server.configuration.PillionConfig;
import java.util.ArrayList;
import java.util.List;

/** Opens connections to the clusters of tests as the server does, and closes them. */
public final class TestConnections implements AutoCloseable {

    private final ClusterBeans beans = new ClusterBeans();
    private final List<ClusterConnection> opened = new ArrayList<>();

    public ClusterConnection open(PillionConfig config) throws InvalidClusterException {
        ClusterConnection connection = beans.connection(config, "test");
        opened.add(connection);
        return connection;
    }

    @Override
    public void close() {
        opened.forEach(beans::close);
        opened.clear();
    }
}
