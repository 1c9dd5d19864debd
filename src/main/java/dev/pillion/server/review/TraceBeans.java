package dev.pillion.server.review;

import dev.pillion.server.configuration.InvalidConfigurationException;
import dev.pillion.server.configuration.PillionConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Provides the traces. */
@ApplicationScoped
class TraceBeans {

    @Produces
    @Singleton
    ReviewTraces traces(PillionConfig config, @ConfigProperty(name = "quarkus.application.version") String version)
            throws InvalidConfigurationException {
        return config.traces().enabled() ? ExportedTraces.fromEnvironment(version) : new ReviewTraces.Off();
    }

    void close(@Disposes ReviewTraces traces) {
        if (traces instanceof ExportedTraces exported) {
            exported.close();
        }
    }
}
