package dev.pillion.server.audit;

import dev.pillion.admission.ExistingPods;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.server.catalog.CurrentCatalog;
import dev.pillion.server.cluster.ClusterConnection;
import dev.pillion.server.cluster.CurrentInjector;
import dev.pillion.server.cluster.Namespaces;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Provides the count of existing Pods for reviews of profiles and policies. */
@ApplicationScoped
class AuditBeans {

    @Produces
    @Singleton
    ExistingPods existingPods(
            ClusterConnection connection, CurrentInjector injector, CurrentCatalog catalog, Namespaces namespaces) {
        return connection instanceof ClusterConnection.Within(var cluster, var client)
                ? new ClusterPods(new ClusterReader(cluster, client), injector, catalog, namespaces)
                : ExistingPods.NONE;
    }
}
