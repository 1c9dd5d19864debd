package dev.pillion.e2e;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** cert-manager beside the cluster: its definitions in it, and its controllers and its CA injector as a process. */
final class CertManager implements AutoCloseable {

    /** What {@code e2e/cluster/build} made of its module. */
    private static final Path PARTS = Path.of(System.getenv().getOrDefault("PILLION_E2E_CERT_MANAGER", "nowhere"));

    /** Whether it is to be run; it takes minutes to build. */
    static final boolean WANTED = System.getenv("PILLION_E2E_WITH_CERT_MANAGER") != null;

    private final Process process;

    private CertManager(Process process) {
        this.process = process;
    }

    /** Makes Issuers and Certificates known to the API server, with all that may be said of them, for as long as it lives. */
    static void define() {
        String definitions = "--filename=" + PARTS.resolve("crds");
        kubectl("apply", "--server-side", definitions);
        kubectl("wait", "--for=condition=Established", "--timeout=60s", definitions);
    }

    static CertManager start() throws IOException {
        define();
        Path log = Files.createDirectories(Environment.LOGS).resolve("cert-manager.log");
        ProcessBuilder builder =
                new ProcessBuilder(PARTS.resolve("cert-manager").toString());
        builder.redirectErrorStream(true).redirectOutput(Redirect.to(log.toFile()));
        return new CertManager(builder.start());
    }

    private static void kubectl(String... arguments) {
        Command.run(Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toList())
                .orFail();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
