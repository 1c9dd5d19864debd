package dev.pillion.bench;

import java.io.IOException;
import java.util.Locale;

/** The memory of a server that has been under load for minutes. */
record MemoryUse(Load load, Report report) {

    /** Seconds between two measurements. */
    private static final double STRETCH = 30;

    void measure(Bodies bodies, Server pillion) throws IOException, InterruptedException {
        double seconds = Options.seconds("bench.memory", 600);
        double fresh = pillion.memory();
        for (double spent = 0; spent < seconds; spent += STRETCH) {
            load.closed(pillion.port(), bodies, Comparison.CONNECTIONS, Math.min(STRETCH, seconds - spent), false);
            System.out.printf(
                    Locale.ROOT,
                    "memory after %.0f s of mixed: %.0f MiB, of which %.0f MiB of used heap%n",
                    Math.min(spent + STRETCH, seconds),
                    pillion.memory(),
                    pillion.heap());
        }
        report.figure("MiB of memory before the load", fresh);
        report.atMost(String.format(Locale.ROOT, "MiB of memory after %.0f s of mixed", seconds), pillion.memory(), 150);
        report.figure("the same: used heap", pillion.heap());
        report.figure("the same: maximum memory", pillion.peakMemory());
    }
}
