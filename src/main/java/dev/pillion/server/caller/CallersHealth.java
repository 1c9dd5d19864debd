package dev.pillion.server.caller;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready when callers can be authenticated. Before that, the API server would be refused. */
@Readiness
@Singleton
class CallersHealth implements HealthCheck {

    private final CallerAuthenticator callers;

    CallersHealth(CallerAuthenticator callers) {
        this.callers = callers;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> missing = callers.missing();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("callers");
        missing.ifPresent(what -> response.withData("problem", what));
        return response.status(missing.isEmpty()).build();
    }
}
