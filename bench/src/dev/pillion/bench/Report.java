package dev.pillion.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.bench.Plot.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A table of the results and the targets. */
final class Report {

    /** The targets for the cost of the workloads, as multiples of the ceiling. */
    private static final List<Map.Entry<String, Double>> RATIOS = List.of(
            Map.entry("mixed", 2.5),
            Map.entry("new", 5.0),
            Map.entry("validate", 2.0),
            Map.entry("statefulSet", 2.0),
            Map.entry("daemonSet", 2.0),
            Map.entry("job", 2.0),
            Map.entry("denied", 3.0),
            Map.entry("inject", 2.0),
            Map.entry("notOptedIn", 1.5),
            Map.entry("handshake", 1.1));

    private final Map<String, Measured> workloads = new LinkedHashMap<>();
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    /** @param most the target: a maximum, or for {@code least} a minimum */
    private record Target(double value, double aim, boolean least) {

        boolean met() {
            return least ? value >= aim : value <= aim;
        }
    }

    void add(String workload, Measured measured) {
        workloads.put(workload, measured);
        System.out.printf(
                Locale.ROOT,
                "%-16s %8.1f µs, ceiling %8.1f µs: %.2f (%.2f to %.2f); p50 %.2f ms, p99 %.2f ms; %.0f %% from the cache%n",
                workload,
                measured.pillion().cpu(),
                measured.ceiling().cpu(),
                measured.ratio(),
                measured.lowest(),
                measured.highest(),
                measured.pillion().p50(),
                measured.pillion().p99(),
                100 * measured.pillion().hits());
    }

    Optional<Measured> of(String workload) {
        return Optional.ofNullable(workloads.get(workload));
    }

    /** A result without a target. */
    void figure(String what, double value) {
        figures.put(what, value);
    }

    void atMost(String what, double value, double aim) {
        targets.put(what, new Target(value, aim, false));
    }

    void atLeast(String what, double value, double aim) {
        targets.put(what, new Target(value, aim, true));
    }

    /** The targets for the cost of the workloads. */
    void compare() {
        RATIOS.forEach(target -> of(target.getKey())
                .ifPresent(measured ->
                        atMost(target.getKey() + ": CPU to the ceiling's", measured.ratio(), target.getValue())));
        of("new").ifPresent(measured -> atMost(
                "new: bytes allocated to bytes of the body", measured.pillion().allocated() / measured.bytes(), 6));
        of("inject").ifPresent(inject -> {
            atMost("inject: bytes allocated to bytes of the body", inject.pillion().allocated() / inject.bytes(), 3);
            of("env1500").ifPresent(env ->
                    atMost("env1500: CPU per KiB to that of inject", env.perKilobyte() / inject.perKilobyte(), 1));
        });
        of("policies1").ifPresent(one -> of("policies10000").ifPresent(many ->
                atMost("policies10000: CPU to that of policies1", many.pillion().cpu() / one.pillion().cpu(), 1.2)));
    }

    void write(Path directory) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode result = json.createObjectNode();
        ObjectNode ratios = result.putObject("ratioToCeiling");
        workloads.forEach((name, measured) -> ratios.put(name, rounded(measured.ratio())));
        result.set("workloads", json.valueToTree(workloads));
        ObjectNode aims = result.putObject("targets");
        targets.forEach((name, target) -> aims.putObject(name)
                .put("measured", rounded(target.value))
                .put("aim", target.aim)
                .put("met", target.met()));
        result.set("figures", json.valueToTree(figures));
        Files.writeString(
                directory.resolve("latest.json"), json.writerWithDefaultPrettyPrinter().writeValueAsString(result));
        String text = table() + "\n" + aims() + "\n" + figures();
        Files.writeString(directory.resolve("latest.md"), text);
        System.out.println("\n" + text);
        plot(directory, "bytes", List.of("inject", "env150", "env500", "env1500", "pod3MB"), "KiB of the body");
        plot(directory, "policies", List.of("policies1", "policies10", "policies100", "policies1000", "policies10000"), "policies");
    }

    private String table() {
        StringBuilder table = new StringBuilder("""
                | workload | KiB | µs of CPU | ceiling | ratio | in the rounds | requests/s | ceiling | p50 ms | p99 ms | p99.9 ms | KiB allocated | ceiling | from the cache |
                |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
                """);
        workloads.forEach((name, each) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | **%.2f** | %.2f to %.2f | %.0f | %.0f | %.2f | %.2f | %.2f | %.1f | %.1f | %.0f %% |%n",
                name,
                each.bytes() / 1024.0,
                each.pillion().cpu(),
                each.ceiling().cpu(),
                each.ratio(),
                each.lowest(),
                each.highest(),
                each.pillion().perSecond(),
                each.ceiling().perSecond(),
                each.pillion().p50(),
                each.pillion().p99(),
                each.pillion().p999(),
                each.pillion().allocated() / 1024,
                each.ceiling().allocated() / 1024,
                100 * each.pillion().hits())));
        return table.toString();
    }

    private String aims() {
        StringBuilder table = new StringBuilder("| target | measured | aim | |\n|---|---|---|---|\n");
        targets.forEach((name, target) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %.2f | %s %.2f | %s |%n",
                name,
                target.value,
                target.least ? "≥" : "≤",
                target.aim,
                target.met() ? "met" : "**missed**")));
        return table.toString();
    }

    private String figures() {
        StringBuilder table = new StringBuilder("| | measured |\n|---|---|\n");
        figures.forEach((name, value) -> table.append(String.format(Locale.ROOT, "| %s | %.2f |%n", name, value)));
        return table.toString();
    }

    private void plot(Path directory, String name, List<String> which, String xName) throws IOException {
        List<Point> points = which.stream()
                .filter(workloads::containsKey)
                .map(workload -> {
                    Measured measured = workloads.get(workload);
                    double x = name.equals("policies")
                            ? Double.parseDouble(workload.replaceAll("\\D", ""))
                            : measured.bytes() / 1024.0;
                    return new Point(x, measured.pillion().cpu(), measured.ceiling().cpu());
                })
                .toList();
        if (points.size() > 1) {
            Files.writeString(
                    directory.resolve(name + ".svg"), Plot.svg("Microseconds of CPU for a review", xName, "µs", points));
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
