package dev.pillion.server.cluster;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready after the version of the cluster was read once: a Pod must not get native sidecars if the cluster does not support them. */
@Readiness
@Singleton
class NativeSidecarsHealth implements HealthCheck {

    private final NativeSidecars sidecars;

    NativeSidecarsHealth(NativeSidecars sidecars) {
        this.sidecars = sidecars;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("native sidecars").withData("available", sidecars.available());
        return switch (sidecars) {
            case NativeSidecars.Assumed _ -> response.up().build();
            case NativeSidecars.Discovered(var capabilities) -> {
                capabilities.server().ifPresent(server -> response.withData("version", server.gitVersion()));
                yield response.status(capabilities.server().isPresent()).build();
            }
        };
    }
}
