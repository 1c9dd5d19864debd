package dev.pillion.server;

import dev.pillion.admission.Basis;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ResourceWebhook;
import dev.pillion.admission.ValidatingWebhook;
import dev.pillion.catalog.InvalidCatalogException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Puts the parts together, once, when the server starts. */
@ApplicationScoped
class Composition {

    @Produces
    @Singleton
    @Startup
    LiveCatalog catalog(PillionConfig config, MeterRegistry meters) throws IOException, InvalidCatalogException {
        LiveCatalog catalog = new LiveCatalog(config.profiles().directory());
        Gauge.builder("pillion.catalog.valid", catalog, live -> live.problem().isEmpty() ? 1 : 0)
                .description("1 if the directory of profiles is in force, 0 if it cannot be used as a whole")
                .register(meters);
        Gauge.builder("pillion.catalog.policies", catalog, live -> live.get()
                        .policies()
                        .size())
                .description("Policies in the catalog in force")
                .register(meters);
        Gauge.builder("pillion.catalog.profiles", catalog, live -> live.get()
                        .profiles()
                        .size())
                .description("Profiles in the catalog in force")
                .register(meters);
        ResourceMetrics.register(meters, catalog);
        return catalog;
    }

    @Produces
    @Singleton
    LiveInjector injector(PillionConfig config, NativeSidecars sidecars) {
        return new LiveInjector(config, sidecars);
    }

    @Produces
    @Singleton
    @Startup
    MutatingWebhook mutatingWebhook(LiveInjector injector, LiveCatalog catalog, Namespaces namespaces) {
        return new MutatingWebhook(Basis.current(injector, catalog, namespaces));
    }

    @Produces
    @Singleton
    @Startup
    ResourceWebhook resourceWebhook(LiveCatalog catalog, Resources resources) {
        return new ResourceWebhook(new Rehearsal(catalog, resources));
    }

    @Produces
    @Singleton
    ValidatingWebhook validatingWebhook(LiveInjector injector, LiveCatalog catalog, Namespaces namespaces) {
        return new ValidatingWebhook(Basis.current(injector, catalog, namespaces));
    }
}
