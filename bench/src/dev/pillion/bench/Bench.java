package dev.pillion.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.certificates.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures Pillion against the least that its stack can do, both taking turns in one run. */
final class Bench {

    private static final int CONNECTIONS = 16;
    private static final int PORT = 18_443;
    private static final List<Integer> POLICIES = List.of(1, 10, 100, 1_000, 10_000);

    private final Path root;
    private final Path results;
    private final Settings settings;
    private final Load load = new Load();
    private final List<Server> servers = new ArrayList<>();
    private final Map<String, Measured> measured = new LinkedHashMap<>();
    private int ports = PORT;

    /**
     * @param rounds of which the median counts
     * @param seconds for each server in a round
     * @param warmUp seconds before the first round
     * @param only names of workloads; empty for all
     */
    record Settings(int rounds, double seconds, double warmUp, List<String> only) {

        boolean wants(String workload) {
            return only.isEmpty() || only.contains(workload);
        }
    }

    private Bench(Path root, Settings settings) throws Exception {
        this.root = root;
        this.settings = settings;
        this.results = Files.createDirectories(root.resolve("bench/results"));
    }

    public static void main(String[] arguments) throws Exception {
        Settings settings = new Settings(
                Integer.getInteger("bench.rounds", 5),
                Double.parseDouble(System.getProperty("bench.seconds", "1.5")),
                Double.parseDouble(System.getProperty("bench.warmUp", "4")),
                List.of(arguments).subList(1, arguments.length));
        Bench bench = new Bench(Path.of(arguments[0]), settings);
        try {
            bench.run();
        } finally {
            bench.servers.forEach(Server::close);
            bench.load.close();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        Server ceiling = ceiling();
        Server pillion = pillion("pillion", List.of());
        Workloads workloads = new Workloads(root.resolve("examples"));
        compare("inject", workloads.inject(), ceiling, pillion);
        compare("notOptedIn", workloads.notOptedIn(), ceiling, pillion);
        compare("replicas", workloads.replicas(), ceiling, pillion);
        compare("allDifferent", workloads.allDifferent(), ceiling, pillion);
        compare("allDifferentNotOptedIn", workloads.allDifferentNotOptedIn(), ceiling, pillion);
        compare("env1500", workloads.variables(1_500, 28), ceiling, pillion);
        compare("pod3MB", workloads.variables(3_000, 1_000), ceiling, pillion);
        compare("secondPass", workloads.secondPass(firstPass(workloads, pillion)), ceiling, pillion);
        compare("denied", workloads.denied(), ceiling, pillion);
        if (settings.wants("handshake")) {
            measured.put("handshake", Measured.of(rounds(workloads.inject(), List.of(ceiling, pillion), true)));
        }
        if (settings.wants("policies")) {
            policies(workloads, ceiling);
        }
        report(pillion);
    }

    private void compare(String name, Bodies bodies, Server ceiling, Server pillion) throws Exception {
        if (settings.wants(name)) {
            measured.put(name, Measured.of(rounds(bodies, List.of(ceiling, pillion), false)));
            measured.get(name).print(name);
        }
    }

    private void policies(Workloads workloads, Server ceiling) throws Exception {
        List<Server> all = new ArrayList<>(List.of(ceiling));
        for (int count : POLICIES) {
            Path directory = Files.createTempDirectory("policies");
            Workloads.writePolicies(directory, count);
            all.add(pillion("policies" + count, List.of("--profiles", directory.toString())));
        }
        List<List<Sample>> rounds = rounds(workloads.allDifferentNotOptedIn(), all, false);
        for (int each = 0; each < POLICIES.size(); each++) {
            int which = each + 1;
            String name = "policies" + POLICIES.get(each);
            measured.put(
                    name,
                    Measured.of(rounds.stream()
                            .map(round -> List.of(round.getFirst(), round.get(which)))
                            .toList()));
            measured.get(name).print(name);
        }
    }

    /** In each round each server once; a sample for each, in their order. */
    private List<List<Sample>> rounds(Bodies bodies, List<Server> all, boolean fresh) throws Exception {
        for (Server server : all) {
            load.closed(server.port(), bodies, CONNECTIONS, settings.warmUp(), fresh);
        }
        List<List<Sample>> rounds = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            List<Sample> samples = new ArrayList<>();
            for (Server server : all) {
                double allocated = server.allocated();
                double cpu = server.cpu();
                Load.Outcome outcome = load.closed(server.port(), bodies, CONNECTIONS, settings.seconds(), fresh);
                double used = server.cpu() - cpu;
                if (outcome.failed() > 0 || outcome.good() == 0) {
                    throw new IOException(outcome.failed() + " requests failed, " + outcome.good() + " were answered");
                }
                samples.add(new Sample(
                        used / outcome.good(),
                        outcome.perSecond(),
                        outcome.percentile(0.5),
                        outcome.percentile(0.99),
                        outcome.percentile(0.999),
                        (server.allocated() - allocated) / outcome.good()));
            }
            rounds.add(samples);
        }
        return rounds;
    }

    /** What one server did in one round: microseconds of CPU, milliseconds of latency, and bytes allocated, for each request. */
    private record Sample(double cpu, double perSecond, double p50, double p99, double p999, double allocated) {}

    /** Medians over the rounds, of the ceiling and of Pillion. */
    private record Measured(Sample ceiling, Sample pillion, double ratio, double lowest, double highest) {

        static Measured of(List<List<Sample>> rounds) {
            double[] ratios = rounds.stream()
                    .mapToDouble(round -> round.get(1).cpu() / round.get(0).cpu())
                    .sorted()
                    .toArray();
            return new Measured(
                    median(rounds.stream().map(List::getFirst).toList()),
                    median(rounds.stream().map(List::getLast).toList()),
                    ratios[ratios.length / 2],
                    ratios[0],
                    ratios[ratios.length - 1]);
        }

        private static Sample median(List<Sample> samples) {
            return new Sample(
                    median(samples, Sample::cpu),
                    median(samples, Sample::perSecond),
                    median(samples, Sample::p50),
                    median(samples, Sample::p99),
                    median(samples, Sample::p999),
                    median(samples, Sample::allocated));
        }

        private static double median(List<Sample> samples, java.util.function.ToDoubleFunction<Sample> value) {
            double[] sorted = samples.stream().mapToDouble(value).toArray();
            Arrays.sort(sorted);
            return sorted[sorted.length / 2];
        }

        void print(String name) {
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %7.1f µs, ceiling %7.1f µs: %.2f (%.2f to %.2f)%n",
                    name,
                    pillion.cpu,
                    ceiling.cpu,
                    ratio,
                    lowest,
                    highest);
        }
    }

    private String firstPass(Workloads workloads, Server pillion) throws Exception {
        return Single.post(pillion.port(), workloads.inject());
    }

    private Server ceiling() throws Exception {
        int port = ports++;
        Path key = results.resolve("ceiling.key");
        Path certificate = results.resolve("ceiling.crt");
        SelfSignedCertificate made =
                SelfSignedCertificate.create(List.of("localhost"), Duration.ofDays(7), Clock.systemUTC());
        Files.writeString(certificate, made.certificate());
        Files.writeString(key, made.key());
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(System.getProperty("bench.flags").split(" ")));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Ceiling.class.getName(),
                Integer.toString(port),
                certificate.toString(),
                key.toString()));
        Server server = Server.start("ceiling", command, port, results.resolve("ceiling.log"));
        servers.add(server);
        return server.awaitPort();
    }

    private Server pillion(String name, List<String> more) throws Exception {
        int port = ports;
        ports += 2;
        List<String> command = new ArrayList<>(List.of(
                root.resolve("pillion").toString(),
                "serve",
                "--port",
                Integer.toString(port),
                "--management-port",
                Integer.toString(port + 1)));
        command.addAll(more);
        Server server = Server.start(name, command, port, results.resolve(name + ".log"));
        servers.add(server);
        return server.awaitPort();
    }

    private void report(Server pillion) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode result = json.createObjectNode();
        ObjectNode ratios = result.putObject("ratioToCeiling");
        ObjectNode details = result.putObject("workloads");
        StringBuilder table = new StringBuilder(
                """
                | workload | µs CPU | ceiling | ratio | lowest to highest | requests/s | p50 ms | p99 ms | p99.9 ms | KB allocated | ceiling |
                |---|---|---|---|---|---|---|---|---|---|---|
                """);
        measured.forEach((name, each) -> {
            ratios.put(name, rounded(each.ratio));
            details.set(name, json.valueToTree(each));
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | **%.2f** | %.2f to %.2f | %.0f | %.2f | %.2f | %.2f | %.1f | %.1f |%n",
                    name,
                    each.pillion.cpu,
                    each.ceiling.cpu,
                    each.ratio,
                    each.lowest,
                    each.highest,
                    each.pillion.perSecond,
                    each.pillion.p50,
                    each.pillion.p99,
                    each.pillion.p999,
                    each.pillion.allocated / 1024,
                    each.ceiling.allocated / 1024));
        });
        result.put("peakMemoryMiB", rounded(pillion.peakMemory()));
        table.append("\nPeak memory: ").append(Math.round(pillion.peakMemory())).append(" MiB\n");
        Files.writeString(results.resolve("latest.json"), json.writerWithDefaultPrettyPrinter().writeValueAsString(result));
        Files.writeString(results.resolve("latest.md"), table);
        System.out.println(table);
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
