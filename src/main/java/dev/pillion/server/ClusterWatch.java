package dev.pillion.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Asks the cluster periodically for its version, which no watch tells, and checks that the watches go on. */
@Singleton
class ClusterWatch {

    private static final Duration CHECK = Duration.ofSeconds(15);

    /** Until the version is known the server is not ready. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(2);

    private final PeriodicTasks tasks;
    private final NativeSidecars sidecars;
    private final Namespaces namespaces;
    private final Resources resources;
    private final Duration versionCheckPeriod;

    ClusterWatch(
            NativeSidecars sidecars,
            Namespaces namespaces,
            Resources resources,
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
                    () -> capabilities.server().isPresent() ? versionCheckPeriod : IMPATIENCE,
                    "cluster-version",
                    capabilities::refresh);
        }
        if (namespaces instanceof Namespaces.Watched || resources instanceof Resources.Watched) {
            tasks.every(CHECK, "watches", this::check);
        }
    }

    private boolean check() {
        if (namespaces instanceof Namespaces.Watched known) {
            known.watched().check();
        }
        if (resources instanceof Resources.Watched known) {
            known.watched().check();
        }
        return true;
    }

    void stop(@Observes ShutdownEvent event) {
        tasks.close();
    }
}
