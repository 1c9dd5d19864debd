package dev.pillion.cli;

import dev.pillion.injection.InjectionSettings;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The cluster that the manifests are meant for. */
final class ClusterOptions {

    /** KEP-753: the feature gate SidecarContainers is on by default since 1.29. */
    private static final int NATIVE_SIDECARS_SINCE = 29;

    private static final Pattern VERSION = Pattern.compile("v?1\\.([0-9]{1,3})([.+-].*)?");

    enum Sidecars {
        AUTO,
        NATIVE,
        CONTAINER;

        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    @Option(
            names = "--kubernetes-version",
            paramLabel = "VERSION",
            description =
                    "Version of the cluster, such as 1.34; the newest where it is not given. Native sidecars come with 1.29.")
    private Optional<String> version = Optional.empty();

    @Option(
            names = "--native-sidecars",
            paramLabel = "auto|native|container",
            description =
                    "Add sidecars as native ones (init containers that go on) or as plain containers; auto goes by the version.")
    private Sidecars sidecars = Sidecars.AUTO;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME|FILE",
            description = "Namespace of manifests that name none, or a file with its manifest.")
    private Optional<String> namespace = Optional.empty();

    InjectionSettings settings() throws UnusableInputException {
        int minor = minorVersion();
        return InjectionSettings.defaults()
                .withNativeSidecars(
                        switch (sidecars) {
                            case AUTO -> minor >= NATIVE_SIDECARS_SINCE;
                            case NATIVE -> true;
                            case CONTAINER -> false;
                        });
    }

    Namespaces namespaces(List<Manifest> manifests) throws UnusableInputException {
        return Namespaces.among(manifests, namespace);
    }

    private int minorVersion() throws UnusableInputException {
        if (version.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        Matcher parts = VERSION.matcher(version.get());
        if (!parts.matches()) {
            throw new UnusableInputException(
                    "--kubernetes-version must be a version such as 1.34 or v1.34.2, is '" + version.get() + "'");
        }
        return Integer.parseInt(parts.group(1));
    }
}
