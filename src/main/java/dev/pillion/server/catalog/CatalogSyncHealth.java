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
 * Ready once the cluster's profiles and policies have been listed and are in force as far as they compile, and from then on, also while
 * the API server is away. What is wrong, with one of them or with hearing of them, is told as a detail.
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
        Map<Id, ResourceStatus> verdicts = catalog.statuses();
        response.withData("known", verdicts.size());
        tell(response, "using last good", verdicts, State.LAST_GOOD);
        tell(response, "invalid", verdicts, State.INVALID);
        String notEnforced = verdicts.entrySet().stream()
                .filter(entry -> !entry.getValue().unmet().isEmpty())
                .map(entry -> entry.getKey().toString())
                .collect(Collectors.joining(", "));
        if (!notEnforced.isEmpty()) {
            response.withData("not enforced", notEnforced);
        }
        resources.watched().problem().ifPresent(problem -> response.withData("problem", problem));
        return response.status(resources.ready()).build();
    }

    private static void tell(
            HealthCheckResponseBuilder response, String word, Map<Id, ResourceStatus> verdicts, State state) {
        String names = verdicts.entrySet().stream()
                .filter(entry -> entry.getValue().state() == state)
                .map(entry -> entry.getKey().toString())
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            response.withData(word, names);
        }
    }
}
