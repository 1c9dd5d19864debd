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

/** The cluster that the manifests are for. */
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
                    "Kubernetes version of the cluster, such as 1.34 (default: the newest). Native sidecars need 1.29.")
    private Optional<String> version = Optional.empty();

    @Option(
            names = "--native-sidecars",
            paramLabel = "auto|native|container",
            description =
                    "Add sidecars as native sidecars (init containers with restartPolicy: Always) or as containers; auto"
                            + " (the default) depends on the version.")
    private Sidecars sidecars = Sidecars.AUTO;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME|FILE",
            description = "Namespace of manifests without one and of live resources, or a file with its manifest.")
    private Optional<String> namespace = Optional.empty();

    @Mixin
    private final SidecarOptions sidecarList = new SidecarOptions();

    @Mixin
    private final UserOptions users = new UserOptions();

    public InjectionSettings settings() throws UnusableInputException {
        return settings(true);
    }

    /** @param available whether the cluster has native sidecars, if no version is given */
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

    /** The given namespace; empty for all. */
    public Optional<String> namespaceName() {
        return namespace;
    }

    public Namespaces namespaces(List<Manifest> manifests) throws UnusableInputException {
        return Namespaces.from(manifests, namespace);
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
