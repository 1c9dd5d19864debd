package dev.pillion.e2e;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** cert-manager: its definitions in the cluster, and its controllers and CA injector as a process. */
final class CertManager implements AutoCloseable {

    /** The program that {@code e2e/cluster/build} built. */
    private static final Path PARTS = Path.of(System.getenv().getOrDefault("PILLION_E2E_CERT_MANAGER", "nowhere"));

    /** Whether to run it. Its build takes minutes. */
    static final boolean WANTED = System.getenv("PILLION_E2E_WITH_CERT_MANAGER") != null;

    private final Process process;

    private CertManager(Process process) {
        this.process = process;
    }

    /** Installs the definitions of Issuers and Certificates in the cluster. They stay there. */
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
