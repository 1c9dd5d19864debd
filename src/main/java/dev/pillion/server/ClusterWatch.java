package dev.pillion.server;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Asks the cluster from time to time for what it does not tell by itself, on one thread of its own: an answer may take long. */
@Singleton
class ClusterWatch {

    private static final Logger LOG = Logger.getLogger(ClusterWatch.class);

    /** Until the version is known the server is not ready. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(2);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("cluster").factory());
    private final NativeSidecars sidecars;
    private final Duration versionPeriod;

    ClusterWatch(NativeSidecars sidecars, PillionConfig config) {
        this.sidecars = sidecars;
        this.versionPeriod = config.cluster().versionPeriod();
    }

    void start(@Observes StartupEvent event) {
        if (sidecars instanceof NativeSidecars.Discovered) {
            thread.execute(this::askForVersion);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    private void askForVersion() {
        if (sidecars instanceof NativeSidecars.Discovered(var capabilities)) {
            try {
                capabilities.refresh();
            } catch (RuntimeException e) {
                LOG.error("asking for the cluster's version failed; it is asked for again", e);
            }
            Duration pause = capabilities.server().isPresent() ? versionPeriod : IMPATIENCE;
            thread.schedule(this::askForVersion, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
