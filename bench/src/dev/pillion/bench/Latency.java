package dev.pillion.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Sends requests at half of the maximum rate. The ceiling gets the same rate, which shows the delays of the machine. */
record Latency(Comparison comparison, Load load, Report report) {

    private static final int CONNECTIONS = 64;
    private static final double SECONDS = 8;

    void measure(Bodies bodies, Server ceiling, Server pillion) throws IOException, InterruptedException {
        for (Server server : List.of(ceiling, pillion)) {
            comparison.warmUp(server, bodies, false);
        }
        double most = load.closed(pillion.port(), bodies, Comparison.CONNECTIONS, Comparison.STRETCH, false)
                .perSecond();
        for (Server server : List.of(ceiling, pillion)) {
            Load.Outcome half = load.open(server.port(), bodies, CONNECTIONS, SECONDS, most / 2);
            System.out.printf(
                    Locale.ROOT,
                    "%s at %.0f a second: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms; the load itself was late by %.2f ms at p99%n",
                    server.name(),
                    most / 2,
                    half.percentile(0.5),
                    half.percentile(0.99),
                    half.percentile(0.999),
                    half.delay(0.99));
            report.atMost("replicas at half of the maximum rate: p99 in ms, " + server.name(), half.percentile(0.99), 5);
            report.figure("the same: p99 of the delay of the load generator itself, in ms, " + server.name(), half.delay(0.99));
        }
    }
}
