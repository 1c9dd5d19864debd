package dev.pillion.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** The server is idle, and then gets many reviews at once, over as many connections as an API server keeps open (k8s.io/client-go). */
record Burst(Comparison comparison, Load load, Report report) {

    private static final int REVIEWS = 300;
    private static final int CONNECTIONS = 25;

    void measure(String reviews, Bodies bodies, Server pillion) throws IOException, InterruptedException {
        double idle = Options.seconds("bench.idle", 5);
        comparison.warmUp(pillion, bodies, false);
        int bursts = Options.rounds();
        double[] p50 = new double[bursts];
        double[] p99 = new double[bursts];
        double max = 0;
        int refused = 0;
        int failed = 0;
        for (int each = 0; each < bursts; each++) {
            Load.Outcome outcome = load.burst(pillion.port(), bodies, CONNECTIONS, idle, REVIEWS);
            p50[each] = outcome.percentile(0.5);
            p99[each] = outcome.percentile(0.99);
            max = Math.max(max, outcome.percentile(1));
            refused += outcome.refused();
            failed += outcome.failed();
        }
        Arrays.sort(p50);
        Arrays.sort(p99);
        System.out.printf(
                Locale.ROOT,
                "burst of %d reviews (%s): p50 %.1f ms, p99 %.1f ms (medians of %d bursts), maximum %.1f ms, %d refused, %d failed%n",
                REVIEWS,
                reviews,
                p50[bursts / 2],
                p99[bursts / 2],
                bursts,
                max,
                refused,
                failed);
        String name = "burst of " + reviews + " reviews: ";
        report.figure(name + "p50 in ms", p50[bursts / 2]);
        report.atMost(name + "p99 in ms", p99[bursts / 2], 50);
        report.figure(name + "maximum in ms", max);
        report.atMost(name + "refused or failed", refused + failed, 0);
    }
}
