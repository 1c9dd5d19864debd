package dev.pillion.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What one call of the command line costs, beside a program in Java that prints one word. Both are started alternately. */
record CommandLine(Path root, Report report) {

    private record Command(String name, double target, List<String> words) {}

    /** In seconds. {@code cpu} is the user and system time of the process and its children. */
    private record Cost(double cpu, double wall) {}

    void measure() throws IOException, InterruptedException {
        String pillion = root.resolve("pillion").toString();
        List<Command> commands = List.of(
                new Command("hello-world JVM", Double.NaN, hello()),
                new Command("--version", 0.15, List.of(pillion, "--version")),
                new Command(
                        "explain", 0.5, List.of(pillion, "explain", "-f", root.resolve("examples/myapp-pod.yaml").toString())),
                new Command(
                        "check examples/platform",
                        1.2,
                        List.of(pillion, "check", root.resolve("examples/platform").toString())));
        List<List<Cost>> costs = new ArrayList<>();
        commands.forEach(command -> costs.add(new ArrayList<>()));
        for (int start = 0; start < Options.rounds(); start++) {
            for (int each = 0; each < commands.size(); each++) {
                costs.get(each).add(cost(commands.get(each).words));
            }
        }
        for (int each = 0; each < commands.size(); each++) {
            report(commands.get(each), costs.get(each));
        }
    }

    private void report(Command command, List<Cost> costs) {
        double cpu = median(costs.stream().mapToDouble(Cost::cpu).toArray());
        double wall = median(costs.stream().mapToDouble(Cost::wall).toArray());
        System.out.printf(Locale.ROOT, "%-24s %.3f s of CPU, %.3f s%n", command.name, cpu, wall);
        String name = "cli, " + command.name + ": ";
        if (Double.isNaN(command.target)) {
            report.figure(name + "s of CPU", cpu);
        } else {
            report.atMost(name + "s of CPU", cpu, command.target);
        }
        report.figure(name + "s until it has ended", wall);
    }

    private static List<String> hello() {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-XX:TieredStopAtLevel=1");
        words.add("-XX:+UseSerialGC");
        words.add("-cp");
        words.add(System.getProperty("java.class.path").split(java.io.File.pathSeparator)[0]);
        words.add(Hello.class.getName());
        return words;
    }

    /** Bash measures in milliseconds. The kernel's counters in /proc have a resolution of 10 ms. */
    private static Cost cost(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%R %U %S'; time \"$@\" >/dev/null", "bash"));
        command.addAll(words);
        Process process = new ProcessBuilder(command).start();
        List<String> errors = process.errorReader().lines().toList();
        if (process.waitFor() != 0) {
            throw new IOException(words + " failed: " + errors);
        }
        double[] times = Arrays.stream(errors.getLast().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Cost(times[1] + times[2], times[0]);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
