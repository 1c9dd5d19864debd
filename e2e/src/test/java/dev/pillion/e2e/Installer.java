package dev.pillion.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A way to get Pillion into a cluster and out of it again, as {@code deploy/README.md} tells. */
sealed interface Installer {

    /** What its logs are called. */
    String name();

    void install();

    /** Takes everything away, also what is gone in part. */
    void uninstall();

    /** One of the overlays of {@code deploy/}, or of a copy of it. */
    record Kustomize(Path overlay) implements Installer {

        @Override
        public String name() {
            return overlay.getFileName().toString();
        }

        @Override
        public void install() {
            run("kubectl", "apply", "--kustomize=" + overlay);
        }

        @Override
        public void uninstall() {
            delete("--kustomize=" + overlay);
        }
    }

    /** The chart, with values as the command line takes them. */
    record Helm(String... values) implements Installer {

        private static final Path CHART = Environment.ROOT.resolve("deploy/helm/pillion");

        @Override
        public String name() {
            return "helm";
        }

        @Override
        public void install() {
            run(line("install", "--create-namespace"));
        }

        /** Gives what is installed these values, and those alone. */
        void upgrade() {
            run(line("upgrade"));
        }

        /** Runs the test that the chart brings along. */
        void test() {
            run("helm", "test", "pillion", "--namespace=pillion", "--timeout=1m");
        }

        @Override
        public void uninstall() {
            run("helm", "uninstall", "pillion", "--namespace=pillion", "--ignore-not-found");
            delete("namespace", "pillion");
            // Helm leaves them, since all profiles and policies would go with them.
            delete("--kustomize=" + Environment.ROOT.resolve("deploy/crds"));
        }

        private String[] line(String verb, String... options) {
            return Stream.of(
                            Stream.of("helm", verb, "pillion", CHART.toString(), "--namespace=pillion"),
                            Stream.of(options),
                            Stream.of(values))
                    .flatMap(words -> words)
                    .toArray(String[]::new);
        }
    }

    private static void delete(String... what) {
        run(Stream.concat(Stream.of("kubectl", "delete", "--ignore-not-found", "--timeout=120s"), Stream.of(what))
                .toArray(String[]::new));
    }

    private static void run(String... line) {
        Command.run(List.of(line)).orFail();
    }
}
