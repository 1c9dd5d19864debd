package dev.pillion.cli.option;

import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.KubernetesVersion;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The cluster that the manifests are meant for. */
public final class ClusterOptions {

    public enum Sidecars {
        AUTO,
        NATIVE,
        CONTAINER;

        @Override
        public String toString() {
            return Keywords.of(this);
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

    @Mixin
    private final SidecarOptions sidecarList = new SidecarOptions();

    @Mixin
    private final UserOptions users = new UserOptions();

    public InjectionSettings settings() throws UnusableInputException {
        return settings(true);
    }

    /** @param available whether the cluster has native sidecars, where no version is given */
    public InjectionSettings settings(boolean available) throws UnusableInputException {
        Optional<KubernetesVersion> known = kubernetesVersion();
        return users.applyTo(InjectionSettings.defaults())
                .withKnownSidecars(sidecarList.knownSidecars())
                .withNativeSidecars(
                        switch (sidecars) {
                            case AUTO ->
                                known.map(KubernetesVersion::hasNativeSidecars).orElse(available);
                            case NATIVE -> true;
                            case CONTAINER -> false;
                        });
    }

    /** The one namespace that is meant; empty for all. */
    public Optional<String> namespaceName() {
        return namespace;
    }

    public Namespaces namespaces(List<Manifest> manifests) throws UnusableInputException {
        return Namespaces.among(manifests, namespace);
    }

    private Optional<KubernetesVersion> kubernetesVersion() throws UnusableInputException {
        if (version.isEmpty()) {
            return Optional.empty();
        }
        Optional<KubernetesVersion> parsed = KubernetesVersion.parse(version.get());
        if (parsed.isEmpty()) {
            throw new UnusableInputException(
                    "--kubernetes-version must be a version such as 1.34 or v1.34.2, is '" + version.get() + "'");
        }
        return parsed;
    }
}
