package dev.pillion.server.cluster;

import dev.pillion.cluster.watch.WatchedNamespaces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready after namespaces were listed once, also while the API server is unavailable later: the last known state is used, and the problem is
 * shown as a detail. Ready at once if namespaces are not watched.
 */
@Readiness
@Singleton
class NamespacesHealth implements HealthCheck {

    private final Namespaces namespaces;

    NamespacesHealth(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("namespaces");
        return switch (namespaces) {
            case Namespaces.Unwatched unknown ->
                response.withData("not watched", unknown.reason()).up().build();
            case Namespaces.Watched known -> watched(response, known.watched());
        };
    }

    private static HealthCheckResponse watched(HealthCheckResponseBuilder response, WatchedNamespaces namespaces) {
        response.withData("watched", namespaces.cluster().url()).withData("known", namespaces.size());
        namespaces.problem().ifPresent(problem -> response.withData("problem", problem));
        return response.status(namespaces.synced()).build();
    }
}
