package dev.pillion.server.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** How far behind the cluster the memory may be that an informer fills. */
public final class InformerLag {

    private InformerLag() {}

    /** @param informer by what it watches, as the API server's paths have it */
    public static void register(MeterRegistry meters, String informer, Supplier<Duration> lag) {
        Gauge.builder("pillion.informer.lag", () -> lag.get().toMillis() / 1_000.0)
                .description("How long changes have not been received; 0 while the watch is connected")
                .baseUnit("seconds")
                .tag("informer", informer)
                .register(meters);
    }
}
