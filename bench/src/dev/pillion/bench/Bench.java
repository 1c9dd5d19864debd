package dev.pillion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Compares the cost of Pillion with the cost of a minimal server on the same stack. Both run alternately. */
final class Bench implements AutoCloseable {

    private static final List<Integer> POLICIES = List.of(1, 10, 100, 1_000, 10_000);
    private static final int STARTS = 5;

    private static final String[] WITHOUT_POLICIES = {
        "new", "statefulSet", "daemonSet", "job", "inject", "replicas", "latency", "notOptedIn", "secondPass", "handshake", "env150",
        "env500", "env1500", "denied", "overload", "pod3MB"
    };

    private final Path root;
    private final Path results;
    private final List<String> only;
    private final Load load = new Load();
    private final Report report = new Report();
    private final Comparison comparison = new Comparison(load);
    private final Reviews reviews;
    private final Workloads workloads;
    private final Servers servers;

    /** @param only the workloads to measure; empty means all */
    private Bench(Path root, List<String> only) throws Exception {
        this.root = root;
        this.only = only;
        this.results = Files.createDirectories(root.resolve("bench/results"));
        this.servers = new Servers(root, results);
        this.reviews = new Reviews(root);
        this.workloads = new Workloads(reviews);
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
        if (wants("mixed", "validate", "burst")) {
            withPolicies(ceiling);
        }
        if (wants(WITHOUT_POLICIES)) {
            withoutPolicies(ceiling);
        }
        // Only by name: it builds large programs.
        if (only.contains("peers")) {
            peers(ceiling);
        }
        if (wants("policies")) {
            policies(ceiling);
        }
        if (wants("memory")) {
            memory();
        }
        if (wants("start")) {
            start();
        }
        if (wants("cli")) {
            new CommandLine(root, report).measure();
        }
        report.compare();
        report.write(results);
    }

    private boolean wants(String... names) {
        return only.isEmpty() || Arrays.stream(names).anyMatch(only::contains);
    }

    /** The workloads with {@code /validate}, which does nothing without policies. */
    private void withPolicies(Server ceiling) throws Exception {
        try (Server pillion = servers.withPolicies("pillion-with-policies");
                Webhook webhook = new Webhook(pillion.awaitPort().port())) {
            if (wants("mixed")) {
                compare("mixed", Day.of(reviews, webhook), ceiling, pillion);
            }
            if (wants("validate")) {
                compare("validate", workloads.validate(webhook), ceiling, pillion);
            }
            if (wants("burst")) {
                Burst burst = new Burst(comparison, load, report);
                burst.measure("replicas", workloads.replicas(), pillion);
                burst.measure("mixed", Day.of(reviews, webhook), pillion);
            }
        }
    }

    private void withoutPolicies(Server ceiling) throws Exception {
        Server pillion = servers.pillion("pillion").awaitPort();
        compare("new", workloads.newPods(), ceiling, pillion);
        compare("statefulSet", workloads.statefulSet(), ceiling, pillion);
        compare("daemonSet", workloads.daemonSet(), ceiling, pillion);
        compare("job", workloads.job(), ceiling, pillion);
        compare("inject", workloads.inject(), ceiling, pillion);
        compare("replicas", workloads.replicas(), ceiling, pillion);
        if (wants("latency")) {
            new Latency(comparison, load, report).measure(workloads.replicas(), ceiling, pillion);
        }
        compare("notOptedIn", workloads.notOptedIn(), ceiling, pillion);
        if (wants("secondPass")) {
            try (Webhook webhook = new Webhook(pillion.port())) {
                compare("secondPass", workloads.secondPass(webhook), ceiling, pillion);
            }
        }
        if (wants("handshake")) {
            handshake(ceiling, pillion);
        }
        compare("env150", workloads.variables(150, 28), ceiling, pillion);
        compare("env500", workloads.variables(500, 28), ceiling, pillion);
        compare("env1500", workloads.variables(1_500, 28), ceiling, pillion);
        compare("denied", workloads.denied(), ceiling, pillion);
        if (wants("overload")) {
            new Overload(comparison, load, report).measure(workloads.newPods(), pillion);
        }
        compare("pod3MB", workloads.variables(3_000, 1_000), ceiling, pillion);
        pillion.close();
    }

    private void compare(String name, Bodies bodies, Server ceiling, Server pillion) throws Exception {
        if (wants(name)) {
            verify(name, bodies, pillion);
            report.add(name, comparison.of(bodies, ceiling, pillion));
        }
    }

    private static void verify(String name, Bodies bodies, Server pillion) throws Exception {
        try (Webhook webhook = new Webhook(pillion.port())) {
            webhook.verify(name, bodies);
        }
    }

    /** A new connection for each request. Also measures a minimal server in Go, because most injectors are written in Go. */
    private void handshake(Server ceiling, Server pillion) throws Exception {
        List<Server> all = new ArrayList<>(List.of(ceiling));
        Optional<Server> go = servers.inGo();
        go.ifPresent(all::add);
        all.add(pillion);
        List<List<Sample>> taken = comparison.rounds(workloads.inject(), all, true);
        report.add("handshake", Measured.of(workloads.inject().length(), taken));
        if (go.isPresent()) {
            Measured toGo = Measured.of(
                    workloads.inject().length(),
                    taken.stream().map(round -> round.subList(1, 3)).toList());
            report.atMost("handshake: CPU to that of a minimal server in Go", toGo.ratio(), 1);
            go.get().close();
        }
    }

    private void peers(Server ceiling) throws Exception {
        try (Server pillion = servers.pillion("pillion-beside-peers").awaitPort()) {
            Map<String, Bodies> compared = new LinkedHashMap<>();
            compared.put("new", workloads.newPodsForPeers());
            compared.put("replicas", workloads.replicasForPeers());
            for (Map.Entry<String, Bodies> workload : compared.entrySet()) {
                verify(workload.getKey(), workload.getValue(), pillion);
            }
            new Peers(servers, comparison, report).measure(compared, ceiling, pillion);
        }
    }

    private void policies(Server ceiling) throws Exception {
        Bodies bodies = workloads.newPodsWithPolicy();
        List<Server> all = new ArrayList<>(List.of(ceiling));
        for (int count : POLICIES) {
            Path directory = Files.createDirectories(results.resolve("policies" + count));
            Workloads.writePolicies(directory, count);
            all.add(servers.pillion("policies" + count, "--profiles", directory.toString()));
        }
        for (Server server : all.subList(1, all.size())) {
            verify(server.name(), bodies, server.awaitPort());
        }
        List<List<Sample>> taken = comparison.rounds(bodies, all, false);
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

    /** In a server of its own, which has answered no other reviews. */
    private void memory() throws Exception {
        try (Server pillion = servers.withPolicies("memory");
                Webhook webhook = new Webhook(pillion.awaitPort().port())) {
            new MemoryUse(load, report).measure(Day.of(reviews, webhook), pillion);
        }
    }

    private void start() throws Exception {
        Start[] starts = new Start[STARTS];
        for (int each = 0; each < STARTS; each++) {
            starts[each] = Start.of(servers, workloads.inject());
            System.out.println(starts[each]);
        }
        report.atMost("seconds from the start to the first response", median(starts, Start::firstAnswer) / 1_000, 1);
        report.atMost("seconds from the start until it is ready", median(starts, Start::ready) / 1_000, 2);
        report.atMost("seconds of CPU from the start until it is ready", median(starts, Start::cpu) / 1_000, 4);
        report.atMost(
                "first review after readiness to the median of later ones",
                median(starts, start -> start.firstAfterReady() / start.later()),
                3);
    }

    private static double median(Start[] starts, ToDoubleFunction<Start> value) {
        return Arrays.stream(starts).mapToDouble(value).sorted().toArray()[starts.length / 2];
    }
}
