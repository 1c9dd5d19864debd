package dev.pillion.server;

import dev.pillion.server.catalog.CatalogResources;
import dev.pillion.server.cluster.Namespaces;
import dev.pillion.server.cluster.NativeSidecars;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reads the version of the cluster periodically, since it cannot be watched, and restarts watches that have ended. */
@Singleton
class ClusterPolling {

    private static final Duration CHECK = Duration.ofSeconds(15);

    /** More often while the version is unknown: the server is not ready until then. */
    private static final Duration FIRST_VERSION_PERIOD = Duration.ofSeconds(2);

    private final PeriodicTasks tasks;
    private final NativeSidecars sidecars;
    private final Namespaces namespaces;
    private final CatalogResources resources;
    private final Duration versionCheckPeriod;

    ClusterPolling(
            NativeSidecars sidecars,
            Namespaces namespaces,
            CatalogResources resources,
            PillionConfig config,
            MeterRegistry meters) {
        this.tasks = new PeriodicTasks("cluster", meters);
        this.namespaces = namespaces;
        this.resources = resources;
        this.sidecars = sidecars;
        this.versionCheckPeriod = config.cluster().versionCheckPeriod();
    }

    void start(@Observes StartupEvent event) {
        if (sidecars instanceof NativeSidecars.Discovered(var capabilities)) {
            tasks.pausing(
                    () -> capabilities.server().isPresent() ? versionCheckPeriod : FIRST_VERSION_PERIOD,
                    "cluster-version",
                    capabilities::refresh);
        }
        if (namespaces instanceof Namespaces.Watched || resources instanceof CatalogResources.Watched) {
            tasks.every(CHECK, "watches", this::check);
        }
    }

    private boolean check() {
        if (namespaces instanceof Namespaces.Watched known) {
            known.watched().check();
        }
        if (resources instanceof CatalogResources.Watched known) {
            known.watched().check();
        }
        return true;
    }

    void stop(@Observes ShutdownEvent event) {
        tasks.close();
    }
}
