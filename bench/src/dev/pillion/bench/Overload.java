package dev.pillion.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * One client sends three times the maximum rate, and another client sends ten requests per second. Only responses within a second count. All
 * reviews are new, because the load generator cannot send replicas at three times the maximum rate.
 */
record Overload(Comparison comparison, Load load, Report report) {

    /** More connections than requests that wait for a response or a retry. */
    private static final int CONNECTIONS = 3_000;

    private static final double SECONDS = 8;

    /** Requests per second of the second client. */
    private static final double FEW = 10;

    void measure(Bodies bodies, Server pillion) throws Exception {
        comparison.warmUp(pillion, bodies, false);
        double start = pillion.cpu();
        Load.Outcome most = load.closed(pillion.port(), bodies, Comparison.CONNECTIONS, Comparison.STRETCH, false);
        double between = pillion.cpu();
        Load.Outcome flooded;
        Load.Outcome beside;
        try (Load other = new Load("127.0.0.2")) {
            CompletableFuture<Load.Outcome> few =
                    CompletableFuture.supplyAsync(() -> other.open(pillion.port(), bodies, 8, SECONDS, FEW));
            flooded = load.limited(pillion.port(), bodies, CONNECTIONS, SECONDS, 3 * most.perSecond());
            beside = few.get();
        }
        double end = pillion.cpu();
        print(pillion, most, (between - start) / most.good(), flooded, (end - between) / flooded.good(), beside);
        report.atLeast(
                "new at three times the maximum rate: responses within a second to the maximum rate",
                flooded.perSecond() / most.perSecond(),
                0.9);
        report.atMost("the same: p99 of all responses in ms", flooded.percentile(0.99), 1_000);
        report.atLeast("another client with ten requests per second: share answered within a second", beside.perSecond() / FEW, 0.9);
        report.atMost("the same: p99 in ms", beside.percentile(0.99), 250);
    }

    private static void print(
            Server pillion, Load.Outcome most, double cost, Load.Outcome flooded, double floodedCost, Load.Outcome beside)
            throws IOException {
        System.out.printf(
                Locale.ROOT,
                "at three times %.0f a second, which take %.0f µs of CPU each: %.0f answered within a second, %.0f µs each, %d late, %d refused, %d failed, p99 %.0f ms, at most %.0f MiB; beside it %d answered within a second, %d late, %d refused, p99 %.0f ms%n",
                most.perSecond(),
                cost,
                flooded.perSecond(),
                floodedCost,
                flooded.late(),
                flooded.refused(),
                flooded.failed(),
                flooded.percentile(0.99),
                pillion.peakMemory(),
                beside.good(),
                beside.late(),
                beside.refused(),
                beside.percentile(0.99));
    }
}
