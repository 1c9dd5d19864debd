package dev.pillion.server;

import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.ExistingPods;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ResourceWebhook;
import dev.pillion.admission.ValidatingWebhook;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.server.catalog.CatalogDryRun;
import dev.pillion.server.catalog.CatalogMetrics;
import dev.pillion.server.catalog.CatalogResources;
import dev.pillion.server.catalog.CurrentCatalog;
import dev.pillion.server.cluster.CurrentInjector;
import dev.pillion.server.cluster.Namespaces;
import dev.pillion.server.cluster.NativeSidecars;
import dev.pillion.server.configuration.PillionConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;

/** Provides the catalog and the webhooks. */
@ApplicationScoped
class WebhookBeans {

    @Produces
    @Singleton
    @Startup
    CurrentCatalog catalog(PillionConfig config, MeterRegistry meters) throws IOException, InvalidCatalogException {
        CurrentCatalog catalog = new CurrentCatalog(config.profiles().directory());
        Gauge.builder(
                        "pillion.catalog.valid",
                        catalog,
                        current -> current.problem().isEmpty() ? 1 : 0)
                .description(
                        "1 if all files in the directory of profiles are valid, 0 if an earlier version of the directory is in force")
                .register(meters);
        Gauge.builder("pillion.catalog.policies", catalog, current -> current.get()
                        .policies()
                        .size())
                .description("Policies in the catalog in force")
                .register(meters);
        Gauge.builder("pillion.catalog.profiles", catalog, current -> current.get()
                        .profiles()
                        .size())
                .description("Profiles in the catalog in force")
                .register(meters);
        CatalogMetrics.register(meters, catalog);
        return catalog;
    }

    @Produces
    @Singleton
    CurrentInjector injector(PillionConfig config, NativeSidecars sidecars) {
        return new CurrentInjector(config, sidecars);
    }

    @Produces
    @Singleton
    @Startup
    MutatingWebhook mutatingWebhook(CurrentInjector injector, CurrentCatalog catalog, Namespaces namespaces) {
        return new MutatingWebhook(DecisionSnapshot.current(injector, catalog, namespaces));
    }

    @Produces
    @Singleton
    @Startup
    ResourceWebhook resourceWebhook(CurrentCatalog catalog, CatalogResources resources, ExistingPods pods) {
        return new ResourceWebhook(new CatalogDryRun(catalog, resources), pods, InstantSource.system());
    }

    @Produces
    @Singleton
    ValidatingWebhook validatingWebhook(CurrentInjector injector, CurrentCatalog catalog, Namespaces namespaces) {
        return new ValidatingWebhook(DecisionSnapshot.current(injector, catalog, namespaces));
    }
}
