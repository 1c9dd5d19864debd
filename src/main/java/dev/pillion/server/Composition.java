package dev.pillion.server;

import dev.pillion.admission.MutatingWebhook;
import dev.pillion.catalog.InvalidCatalogException;
import dev.pillion.injection.Injector;
import dev.pillion.pod.Namespace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Puts the parts together, once, when the server starts. */
@ApplicationScoped
class Composition {

    @Produces
    @Singleton
    @Startup
    LiveCatalog catalog(PillionConfig config, MeterRegistry meters) throws IOException, InvalidCatalogException {
        LiveCatalog catalog = new LiveCatalog(config.profiles().directory());
        Gauge.builder("pillion.catalog.valid", catalog, live -> live.problem().isEmpty() ? 1 : 0)
                .description("1 when the catalog in force is the one in the directory, 0 when that cannot be used")
                .register(meters);
        Gauge.builder("pillion.catalog.profiles", catalog, live -> live.get()
                        .profiles()
                        .size())
                .description("Profiles in the catalog in force")
                .register(meters);
        return catalog;
    }

    @Produces
    @Singleton
    @Startup
    ScheduledExecutorService catalogWatch(LiveCatalog catalog, PillionConfig config) {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("catalog-watch").factory());
        Duration period = config.profiles().reloadPeriod();
        watch.scheduleWithFixedDelay(catalog::refresh, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    @Produces
    @Singleton
    @Startup
    MutatingWebhook mutatingWebhook(PillionConfig config, LiveCatalog catalog) {
        // Nothing but the name of a namespace is known before namespaces are watched.
        MutatingWebhook webhook = new MutatingWebhook(new Injector(config.settings()), catalog, Namespace::named);
        WarmUp.of(webhook);
        return webhook;
    }
}
