package dev.pillion.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares Pillion with the injection webhooks of Istio and Dapr, which are Go modules. Each gets the same reviews, and adds what it is made for. */
final class Peers {

    /** The container that each peer adds. */
    private static final Map<String, String> COMPANIONS = Map.of("istio", "istio-proxy", "dapr", "daprd");

    private final Servers servers;
    private final Comparison comparison;
    private final Report report;

    Peers(Servers servers, Comparison comparison, Report report) {
        this.servers = servers;
        this.comparison = comparison;
        this.report = report;
    }

    /** @param workloads the reviews by the name of the workload */
    void measure(Map<String, Bodies> workloads, Server ceiling, Server pillion) throws Exception {
        List<Server> peers = new ArrayList<>();
        for (Optional<Server> peer : List.of(servers.istio(), servers.dapr())) {
            peer.ifPresent(peers::add);
        }
        List<Server> all = new ArrayList<>(List.of(ceiling, pillion));
        all.addAll(peers);
        for (Map.Entry<String, Bodies> workload : workloads.entrySet()) {
            for (Server peer : peers) {
                verify(peer, workload.getValue());
            }
            report(workload.getKey(), all, comparison.rounds(workload.getValue(), all, false));
        }
        for (Server server : all) {
            report.figure(server.name() + ": resident memory in MiB", server.memory());
        }
        peers.forEach(Server::close);
    }

    private static void verify(Server peer, Bodies bodies) throws Exception {
        try (Webhook webhook = new Webhook(peer.port())) {
            String companion = COMPANIONS.get(peer.name());
            if (!webhook.patch(bodies).contains("\"" + companion + "\"")) {
                throw new IOException(peer.name() + " does not add " + companion);
            }
        }
    }

    /** @param rounds the samples of the ceiling, of Pillion and of the peers */
    private void report(String workload, List<Server> all, List<List<Sample>> rounds) {
        for (int index = 0; index < all.size(); index++) {
            int which = index;
            String subject = workload + ", " + all.get(index).name() + ": ";
            Sample median = Sample.median(rounds.stream().map(round -> round.get(which)).toList());
            report.figure(subject + "µs of CPU", median.cpu());
            report.figure(subject + "requests/s", median.perSecond());
            report.figure(subject + "p50 ms", median.p50());
            report.figure(subject + "p99 ms", median.p99());
            if (which > 1) {
                double[] ratios = rounds.stream()
                        .mapToDouble(round -> round.get(which).cpu() / round.get(1).cpu())
                        .sorted()
                        .toArray();
                report.figure(subject + "CPU to Pillion's, lowest", ratios[0]);
                report.figure(subject + "CPU to Pillion's, median", ratios[ratios.length / 2]);
                report.figure(subject + "CPU to Pillion's, highest", ratios[ratios.length - 1]);
            }
        }
    }
}
