package dev.pillion.server.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** The metric of how far an informer's state may be behind the cluster. */
public final class InformerLag {

    private InformerLag() {}

    /** @param informer the resource that it watches, as in the paths of the API server */
    public static void register(MeterRegistry meters, String informer, Supplier<Duration> lag) {
        Gauge.builder("pillion.informer.lag", () -> lag.get().toMillis() / 1_000.0)
                .description("How long changes have not been received; 0 while the watch is connected")
                .baseUnit("seconds")
                .tag("informer", informer)
                .register(meters);
    }
}
