package dev.pillion.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server process, with the counters of the kernel and the JVM. */
final class Server implements AutoCloseable {

    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final int port;
    private final int managementPort;
    private final String name;

    private Server(String name, Process process, int port, int managementPort) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
    }

    /** @param managementPort the port of health and metrics; 0 if there is none */
    static Server start(
            String name, List<String> command, Map<String, String> environment, int port, int managementPort, Path log)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        return new Server(name, builder.start(), port, managementPort);
    }

    Server awaitPort() throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 6_000; attempt++) {
            if (!process.isAlive()) {
                throw new IOException(name + " has ended with " + process.exitValue() + "; its log is in bench/results");
            }
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return this;
            } catch (IOException e) {
                Thread.sleep(10);
            }
        }
        throw new IOException(name + " does not listen at " + port);
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    int managementPort() {
        return managementPort;
    }

    /** User and system time so far, in microseconds. The kernel's resolution is 10 ms. */
    double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND * 1e6;
    }

    /** The peak resident memory, in MiB. */
    double peakMemory() throws IOException {
        return status("VmHWM");
    }

    /** The resident memory, in MiB. */
    double memory() throws IOException {
        return status("VmRSS");
    }

    private double status(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no " + field);
    }

    /** The used heap, in MiB. For the serial collector. */
    double heap() throws IOException, InterruptedException {
        Map<String, Double> memory = jstat("-gc");
        return Stream.of("S0U", "S1U", "EU", "OU")
                        .mapToDouble(space -> memory.getOrDefault(space, 0.0))
                        .sum()
                / 1024;
    }

    /** The reviews that Pillion has answered from its cache so far. 0 for other servers. */
    double cacheHits() throws IOException {
        if (managementPort == 0) {
            return 0;
        }
        try (InputStream metrics =
                URI.create("http://localhost:" + managementPort + "/metrics").toURL().openStream()) {
            return new String(metrics.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("pillion_review_cache_hits_total"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /** Bytes allocated so far: the content of eden at each collection and now. For the serial collector. */
    double allocated() throws IOException, InterruptedException {
        Map<String, Double> memory = jstat("-gc");
        double eden = memory.getOrDefault("EC", 0.0);
        return (memory.getOrDefault("YGC", 0.0) * eden + memory.getOrDefault("EU", 0.0)) * 1024;
    }

    /** Seconds of JIT compilation so far. */
    double compiling() throws IOException, InterruptedException {
        return jstat("-compiler").getOrDefault("Time", 0.0);
    }

    /** The JVM's counters by the names of their columns. Empty if the process is no JVM. */
    private Map<String, Double> jstat(String what) throws IOException, InterruptedException {
        Process jstat = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jstat").toString(),
                        what,
                        Long.toString(process.pid()))
                .start();
        List<String> lines = jstat.inputReader().lines().toList();
        if (jstat.waitFor() != 0) {
            return Map.of();
        }
        String[] names = lines.getFirst().strip().split("\\s+");
        String[] values = lines.getLast().strip().split("\\s+");
        Map<String, Double> counts = new HashMap<>();
        // The last column may be an empty text.
        for (int each = 0; each < Math.min(names.length, values.length); each++) {
            if (values[each].matches("[0-9.]+")) {
                counts.put(names[each], Double.parseDouble(values[each]));
            }
        }
        return counts;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
