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

/** Measures Pillion against the least that its stack can do, both taking turns in one run. */
final class Bench implements AutoCloseable {

    private static final int CONNECTIONS = 16;
    private static final List<Integer> POLICIES = List.of(1, 10, 100, 1_000, 10_000);
    private static final int STARTS = 5;

    /** More than wait at any time for an answer or to be sent again. */
    private static final int OVERLOAD_CONNECTIONS = 3_000;

    private static final double OVERLOAD_SECONDS = 8;

    /** Requests a second of the client beside an overload. */
    private static final double FEW = 10;

    /** Milliseconds until an answer is of use. */
    private static final double SOON = 1_000;

    /** Seconds of load between two looks at the compiler. */
    private static final double STRETCH = 4;

    /** The compiler is done when it takes less than this share of one core. */
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

    /** @param only names of what is measured; empty for all */
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

    /** A new connection for each request; beside the ceiling a server in Go is asked too, as most injectors are written in it. */
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

    /** In each round each server once; a sample for each, in their order. */
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

    /** Until the compiler is done with what a request calls, since its time would count as the requests'. */
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

    /** Half of what it can do at most comes at a steady rate; the ceiling is asked as much, to tell what of it is the machine. */
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
     * Three times as much as it can do comes from one client, and ten requests a second from another. Only answers within a second count.
     * Reviews are all different, since there is no sending three times as many replicas.
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
                "ten a second from another client meanwhile: share that is answered within a second",
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
        report.atMost("seconds from launch to the first answer", median(starts, Start::firstAnswer) / 1_000, 1);
        report.atMost(
                "first review after readiness to the median of later ones",
                median(starts, start -> start.firstAfterReady() / start.later()),
                3);
    }

    private static double median(Start[] starts, java.util.function.ToDoubleFunction<Start> value) {
        return Arrays.stream(starts).mapToDouble(value).sorted().toArray()[starts.length / 2];
    }
}
