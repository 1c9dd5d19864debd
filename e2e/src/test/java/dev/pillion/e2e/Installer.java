package dev.pillion.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A way to install and uninstall Pillion, as {@code deploy/README.md} describes. */
sealed interface Installer {

    /** The name of its logs. */
    String name();

    void install();

    /** Deletes the webhook configurations, so that the API server no longer calls Pillion. The first step of an uninstallation. */
    default void deleteWebhooks() {
        delete("validatingwebhookconfiguration,mutatingwebhookconfiguration", "pillion");
    }

    /** Deletes everything else, also after an incomplete deletion. */
    void uninstall();

    /** An overlay of {@code deploy/}, or of a copy of it. */
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

    /** The chart, with values in the form of {@code --set}. */
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

        /** Upgrades to exactly these values. */
        void upgrade() {
            run(line("upgrade"));
        }

        /** Runs the test that the chart contains. */
        void test() {
            run("helm", "test", "pillion", "--namespace=pillion", "--timeout=1m");
        }

        @Override
        public void uninstall() {
            run("helm", "uninstall", "pillion", "--namespace=pillion", "--ignore-not-found");
            delete("namespace", "pillion");
            // Helm keeps them, because their deletion would delete all profiles and policies.
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
