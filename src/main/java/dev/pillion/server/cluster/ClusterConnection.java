package dev.pillion.server.cluster;

import dev.pillion.cluster.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The cluster that the server asks and tells things of its own accord, if there is one. */
public sealed interface ClusterConnection {

    /** @param reason a clause, after "since" */
    record None(String reason) implements ClusterConnection {}

    /** @param client for all that is asked by name or told, closed when the server has stopped; what is watched has clients of its own */
    record Within(Cluster cluster, KubernetesClient client) implements ClusterConnection {}
}
