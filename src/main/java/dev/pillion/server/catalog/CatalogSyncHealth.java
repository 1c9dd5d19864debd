package dev.pillion.server.catalog;

import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.ResourceStatus;
import dev.pillion.catalog.resource.ResourceStatus.State;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready after the cluster's profiles and policies came into force once, as far as they compile, also while the API server is unavailable later.
 * Problems of resources and of the watch are shown as details.
 */
@Readiness
@Singleton
class CatalogSyncHealth implements HealthCheck {

    private final CatalogResources resources;
    private final CurrentCatalog catalog;

    CatalogSyncHealth(CatalogResources resources, CurrentCatalog catalog) {
        this.resources = resources;
        this.catalog = catalog;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("resources");
        return switch (resources) {
            case CatalogResources.Unwatched none ->
                response.withData("not watched", none.reason()).up().build();
            case CatalogResources.Watched watched -> watched(response, watched);
        };
    }

    private HealthCheckResponse watched(HealthCheckResponseBuilder response, CatalogResources.Watched resources) {
        response.withData("watched", resources.watched().cluster().url());
        Map<Id, ResourceStatus> statuses = catalog.statuses();
        response.withData("known", statuses.size());
        addNames(response, "using last good", statuses, State.LAST_GOOD);
        addNames(response, "invalid", statuses, State.INVALID);
        String notEnforced = statuses.entrySet().stream()
                .filter(entry -> !entry.getValue().unmet().isEmpty())
                .map(entry -> entry.getKey().toString())
                .collect(Collectors.joining(", "));
        if (!notEnforced.isEmpty()) {
            response.withData("not enforced", notEnforced);
        }
        resources.watched().problem().ifPresent(problem -> response.withData("problem", problem));
        return response.status(resources.ready()).build();
    }

    private static void addNames(
            HealthCheckResponseBuilder response, String detail, Map<Id, ResourceStatus> statuses, State state) {
        String names = statuses.entrySet().stream()
                .filter(entry -> entry.getValue().state() == state)
                .map(entry -> entry.getKey().toString())
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            response.withData(detail, names);
        }
    }
}
