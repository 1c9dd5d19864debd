package dev.pillion.cli.doctor.check;

import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.pod.KubernetesVersion;
import java.util.List;
import java.util.Optional;

/** The API server has a version that Pillion supports. */
final class KubernetesVersionCheck implements Check {

    /** As {@code kubeVersion} of the chart. */
    static final int OLDEST_MINOR = 27;

    @Override
    public CheckId id() {
        return CheckId.KUBERNETES_VERSION;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        String text = inspection.serverVersion();
        Optional<KubernetesVersion> version = KubernetesVersion.parse(text);
        Findings findings = new Findings(id());
        String oldest = new KubernetesVersion(OLDEST_MINOR).toString();
        if (version.isEmpty()) {
            findings.warning(
                    "The API server reports the version '" + text + "', which is not a version of Kubernetes",
                    "Check that the API server is Kubernetes " + oldest + " or newer");
        } else if (version.get().minor() < OLDEST_MINOR) {
            findings.failed("Kubernetes " + text + " is too old", "Upgrade to Kubernetes " + oldest + " or newer");
        }
        return findings.orOk("Kubernetes " + text + " is supported");
    }
}
