package dev.pillion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Compares the cost of Pillion with the cost of a minimal server on the same stack. Both run alternately. */
final class Bench implements AutoCloseable {

    private static final int CONNECTIONS = 16;
    private static final List<Integer> POLICIES = List.of(1, 10, 100, 1_000, 10_000);
    private static final int STARTS = 5;

    /** More connections than requests that wait for a response or a retry. */
    private static final int OVERLOAD_CONNECTIONS = 3_000;

    private static final double OVERLOAD_SECONDS = 8;

    /** Requests per second of the second client during an overload. */
    private static final double FEW = 10;

    /** Milliseconds after which a response no longer counts. */
    private static final double SOON = 1_000;

    /** Seconds of load between two checks of the JIT compiler. */
    private static final double STRETCH = 4;

    /** The JIT compiler counts as finished if it uses less than this share of one core. */
    private static final double DONE = 0.03;

    private final Path results;
    private final List<String> only;
    private final int rounds = Integer.getInteger("bench.rounds", 5);
    private final double seconds = Double.parseDouble(System.getProperty("bench.seconds", "1.5"));
    private final double warmUp = Double.parseDouble(System.getProperty("bench.warmUp", "60"));
    private final Load load = new Load();
    private final Report report = new Report();
    private final Workloads workloads;
    private final Servers servers;

    /** @param only the workloads to measure; empty means all */
    private Bench(Path root, List<String> only) throws Exception {
        this.only = only;
        this.results = Files.createDirectories(root.resolve("bench/results"));
        this.servers = new Servers(root, results);
        this.workloads = new Workloads(root.resolve("examples"));
    }

    public static void main(String[] arguments) throws Exception {
        try (Bench bench = new Bench(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length))) {
            bench.run();
        }
        System.exit(0);
    }

    @Override
    public void close() {
        servers.close();
        load.close();
    }

    private void run() throws Exception {
        Server ceiling = servers.ceiling();
        Server pillion = servers.pillion("pillion").awaitPort();
        compare("inject", workloads.inject(), ceiling, pillion);
        compare("replicas", workloads.replicas(), ceiling, pillion);
        if (wants("latency")) {
            latency(ceiling, pillion);
        }
        compare("notOptedIn", workloads.notOptedIn(), ceiling, pillion);
        compare("secondPass", workloads.secondPass(Single.post(pillion.port(), workloads.inject())), ceiling, pillion);
        if (wants("handshake")) {
            handshake(ceiling, pillion);
        }
        compare("env150", workloads.variables(150, 28), ceiling, pillion);
        compare("env500", workloads.variables(500, 28), ceiling, pillion);
        compare("env1500", workloads.variables(1_500, 28), ceiling, pillion);
        report.atMost("MiB of memory at most, reviews of up to 100 KiB", pillion.peakMemory(), 150);
        compare("denied", workloads.denied(), ceiling, pillion);
        compare("allDifferent", workloads.allDifferent(), ceiling, pillion);
        if (wants("overload")) {
            overload(pillion);
        }
        compare("pod3MB", workloads.variables(3_000, 1_000), ceiling, pillion);
        if (wants("policies")) {
            policies(ceiling);
        }
        if (wants("start")) {
            start();
        }
        report.compare();
        report.write(results);
    }

    private boolean wants(String name) {
        return only.isEmpty() || only.contains(name);
    }

    private void compare(String name, Bodies bodies, Server ceiling, Server pillion) throws Exception {
        if (wants(name)) {
            report.add(name, Measured.of(bodies.length(), rounds(bodies, List.of(ceiling, pillion), false)));
        }
    }

    /** A new connection for each request. Also measures a minimal server in Go, because most injectors are written in Go. */
    private void handshake(Server ceiling, Server pillion) throws Exception {
        List<Server> all = new ArrayList<>(List.of(ceiling));
        Optional<Server> go = servers.inGo();
        go.ifPresent(all::add);
        all.add(pillion);
        List<List<Sample>> taken = rounds(workloads.inject(), all, true);
        report.add("handshake", Measured.of(workloads.inject().length(), taken));
        if (go.isPresent()) {
            Measured toGo = Measured.of(
                    workloads.inject().length(),
                    taken.stream().map(round -> round.subList(1, 3)).toList());
            report.atMost("handshake: CPU to that of the least server in Go", toGo.ratio(), 1);
            go.get().close();
        }
    }

    /** Measures each server once per round. Returns a sample for each server, in their order. */
    private List<List<Sample>> rounds(Bodies bodies, List<Server> all, boolean fresh) throws Exception {
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
    private void warmUp(Server server, Bodies bodies, boolean fresh) throws IOException, InterruptedException {
        double before = server.compiling();
        for (double spent = 0; spent < warmUp; spent += STRETCH) {
            load.closed(server.port(), bodies, CONNECTIONS, STRETCH, fresh);
            double now = server.compiling();
            if (now - before < DONE * STRETCH) {
                return;
            }
            before = now;
        }
        System.out.println(server.name() + " still compiles after " + warmUp + " s");
    }

    private Sample sample(Server server, Bodies bodies, boolean fresh) throws IOException, InterruptedException {
        double allocated = server.allocated();
        double cpu = server.cpu();
        Load.Outcome outcome = load.closed(server.port(), bodies, CONNECTIONS, seconds, fresh);
        double used = server.cpu() - cpu;
        if (outcome.failed() > 0 || outcome.good() == 0) {
            throw new IOException(outcome.failed() + " requests failed, " + outcome.good() + " were answered");
        }
        return new Sample(
                used / outcome.good(),
                outcome.perSecond(),
                outcome.percentile(0.5),
                outcome.percentile(0.99),
                outcome.percentile(0.999),
                (server.allocated() - allocated) / outcome.good());
    }

    /** Sends requests at half of the maximum rate. The ceiling gets the same rate, which shows the delays of the machine. */
    private void latency(Server ceiling, Server pillion) throws IOException, InterruptedException {
        for (Server server : List.of(ceiling, pillion)) {
            warmUp(server, workloads.replicas(), false);
        }
        double most = load.closed(pillion.port(), workloads.replicas(), CONNECTIONS, STRETCH, false).perSecond();
        for (Server server : List.of(ceiling, pillion)) {
            Load.Outcome half = load.open(server.port(), workloads.replicas(), 64, 8, most / 2);
            System.out.printf(
                    Locale.ROOT,
                    "%s at %.0f a second: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms; the load itself was late by %.2f ms at p99%n",
                    server.name(),
                    most / 2,
                    half.percentile(0.5),
                    half.percentile(0.99),
                    half.percentile(0.999),
                    half.delay(0.99));
            report.atMost("replicas at half of the most: p99 in ms, " + server.name(), half.percentile(0.99), 5);
            report.atMost("the same: p99 of what the load itself was late, in ms", half.delay(0.99), 5);
        }
    }

    /**
     * One client sends three times the maximum rate, and another client sends ten requests per second. Only responses within a second
     * count. All reviews differ, because the load generator cannot send replicas at three times the maximum rate.
     */
    private void overload(Server pillion) throws Exception {
        Bodies bodies = workloads.allDifferent();
        warmUp(pillion, bodies, false);
        double start = pillion.cpu();
        Load.Outcome most = load.closed(pillion.port(), bodies, CONNECTIONS, 4, false);
        double between = pillion.cpu();
        Load.Outcome flooded;
        Load.Outcome beside;
        try (Load other = new Load("127.0.0.2")) {
            CompletableFuture<Load.Outcome> few = CompletableFuture.supplyAsync(
                    () -> other.open(pillion.port(), bodies, 8, OVERLOAD_SECONDS, FEW));
            flooded = load.open(pillion.port(), bodies, OVERLOAD_CONNECTIONS, OVERLOAD_SECONDS, 3 * most.perSecond());
            beside = few.get();
        }
        double end = pillion.cpu();
        System.out.printf(
                Locale.ROOT,
                "at three times %.0f a second, which take %.0f µs of CPU each: %.0f answered, of which %.0f within a second, %.0f µs each, %d refused, %d failed, p99 %.0f ms, at most %.0f MiB; beside it %d answered and %d refused%n",
                most.perSecond(),
                (between - start) / most.good(),
                flooded.perSecond(),
                flooded.perSecondWithin(SOON),
                (end - between) / flooded.good(),
                flooded.refused(),
                flooded.failed(),
                flooded.percentile(0.99),
                pillion.peakMemory(),
                beside.good(),
                beside.refused());
        report.atLeast(
                "allDifferent at three times the most: answers within a second to the most",
                flooded.perSecondWithin(SOON) / most.perSecond(),
                0.9);
        report.atLeast(
                "another client with ten requests per second: share answered within a second",
                beside.perSecondWithin(SOON) / FEW,
                0.9);
    }

    private void policies(Server ceiling) throws Exception {
        Bodies bodies = workloads.allDifferentNotOptedIn();
        List<Server> all = new ArrayList<>(List.of(ceiling));
        for (int count : POLICIES) {
            Path directory = Files.createDirectories(results.resolve("policies" + count));
            Workloads.writePolicies(directory, count);
            all.add(servers.pillion("policies" + count, "--profiles", directory.toString()));
        }
        for (Server server : all) {
            server.awaitPort();
        }
        List<List<Sample>> taken = rounds(bodies, all, false);
        for (int each = 0; each < POLICIES.size(); each++) {
            int which = each + 1;
            report.add(
                    "policies" + POLICIES.get(each),
                    Measured.of(
                            bodies.length(),
                            taken.stream()
                                    .map(round -> List.of(round.getFirst(), round.get(which)))
                                    .toList()));
        }
        all.subList(1, all.size()).forEach(Server::close);
    }

    private void start() throws Exception {
        Start[] starts = new Start[STARTS];
        for (int each = 0; each < STARTS; each++) {
            starts[each] = Start.of(servers, workloads.inject());
            System.out.println(starts[each]);
        }
        report.atMost("seconds from the start to the first response", median(starts, Start::firstAnswer) / 1_000, 1);
        report.atMost(
                "first review after readiness to the median of later ones",
                median(starts, start -> start.firstAfterReady() / start.later()),
                3);
    }

    private static double median(Start[] starts, java.util.function.ToDoubleFunction<Start> value) {
        return Arrays.stream(starts).mapToDouble(value).sorted().toArray()[starts.length / 2];
    }
}
