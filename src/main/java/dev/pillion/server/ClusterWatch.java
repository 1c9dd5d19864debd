package dev.pillion.server;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Asks the cluster from time to time for what it does not tell by itself, on one thread of its own: an answer may take long. */
@Singleton
class ClusterWatch {

    /** Until the version is known the server is not ready. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(2);

    private final Ticker ticker = new Ticker("cluster");
    private final NativeSidecars sidecars;
    private final Duration versionPeriod;

    ClusterWatch(NativeSidecars sidecars, PillionConfig config) {
        this.sidecars = sidecars;
        this.versionPeriod = config.cluster().versionPeriod();
    }

    void start(@Observes StartupEvent event) {
        if (sidecars instanceof NativeSidecars.Discovered(var capabilities)) {
            ticker.pausing(
                    () -> capabilities.server().isPresent() ? versionPeriod : IMPATIENCE,
                    "asking for the cluster's version",
                    capabilities::refresh);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        ticker.close();
    }
}
