package dev.pillion.server.cluster;

import dev.pillion.cluster.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The cluster that the server reads from and writes to, if there is one. */
public sealed interface ClusterConnection {

    /** @param reason a clause, after "since" */
    record None(String reason) implements ClusterConnection {}

    /** @param client shared by everything except watches, which have their own clients; {@link ClusterBeans} opens and closes it */
    record Within(Cluster cluster, KubernetesClient client) implements ClusterConnection {}
}
