package dev.pillion.server.catalog;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Always ready: an invalid directory leaves the last good catalog in force. The problem is shown as a detail. */
@Readiness
@Singleton
class CatalogHealth implements HealthCheck {

    private final CurrentCatalog catalog;

    CatalogHealth(CurrentCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("catalog")
                .withData("generation", catalog.get().generation())
                .withData("profiles", catalog.get().profiles().size());
        catalog.problem().ifPresent(problem -> response.withData("problem", problem));
        return response.up().build();
    }
}
