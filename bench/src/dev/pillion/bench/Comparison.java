package dev.pillion.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Measures servers alternately, each after a warm-up. */
final class Comparison {

    static final int CONNECTIONS = 16;

    /** Seconds of load between two checks of the JIT compiler. */
    static final double STRETCH = 4;

    /** The JIT compiler counts as finished if it uses less than this share of one core. */
    private static final double DONE = 0.03;

    private final int rounds = Options.rounds();
    private final double seconds = Options.seconds("bench.seconds", 1.5);
    private final double warmUp = Options.seconds("bench.warmUp", 60);
    private final Load load;

    Comparison(Load load) {
        this.load = load;
    }

    Measured of(Bodies bodies, Server ceiling, Server pillion) throws IOException, InterruptedException {
        return Measured.of(bodies.length(), rounds(bodies, List.of(ceiling, pillion), false));
    }

    /**
     * Measures each server once per round. Returns a sample for each server, in their order.
     *
     * @param fresh whether each request uses a new connection
     */
    List<List<Sample>> rounds(Bodies bodies, List<Server> all, boolean fresh) throws IOException, InterruptedException {
        for (Server server : all) {
            warmUp(server, bodies, fresh);
        }
        List<List<Sample>> taken = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<Sample> samples = new ArrayList<>();
            for (Server server : all) {
                samples.add(sample(server, bodies, fresh));
            }
            taken.add(samples);
        }
        return taken;
    }

    /** Sends requests until the JIT compiler has finished, because its CPU time would count as the cost of requests. */
    void warmUp(Server server, Bodies bodies, boolean fresh) throws IOException, InterruptedException {
        double before = server.compiling();
        for (double spent = 0; spent < warmUp; spent += STRETCH) {
            load.closed(server.port(), bodies, CONNECTIONS, STRETCH, fresh);
            double now = server.compiling();
            if (now - before < DONE * STRETCH) {
                return;
            }
            before = now;
        }
        System.out.println(server.name() + " may still compile: the warm-up ended after " + warmUp + " s");
    }

    private Sample sample(Server server, Bodies bodies, boolean fresh) throws IOException, InterruptedException {
        double hits = server.cacheHits();
        double allocated = server.allocated();
        double cpu = server.cpu();
        Load.Outcome outcome = load.closed(server.port(), bodies, CONNECTIONS, seconds, fresh);
        double used = server.cpu() - cpu;
        if (outcome.failed() > 0 || outcome.good() == 0) {
            throw new IOException(server.name() + ": " + outcome.counts());
        }
        if (outcome.late() + outcome.refused() > 0) {
            System.out.println(server.name() + " did not answer all requests in time: " + outcome.counts());
        }
        double answered = outcome.good() + outcome.late();
        return new Sample(
                used / outcome.good(),
                outcome.perSecond(),
                outcome.percentile(0.5),
                outcome.percentile(0.99),
                outcome.percentile(0.999),
                (server.allocated() - allocated) / outcome.good(),
                (server.cacheHits() - hits) / answered);
    }
}
