package dev.pillion.cli.doctor.check;

import dev.pillion.cli.doctor.check.Finding.Status;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All checks, in the order of {@link CheckId}. */
public final class Checks {

    /** For a cluster in which Pillion will be installed. */
    static final List<Check> BEFORE_INSTALLATION = List.of(
            new KubernetesVersionCheck(),
            new ClockCheck(),
            new InstallRightsCheck(),
            new PodSecurityCheck(),
            new ImageCheck());

    /** For a cluster in which Pillion is installed. */
    static final List<Check> INSTALLED = Stream.of(
                    new KubernetesVersionCheck(),
                    new ClockCheck(),
                    new CrdsCheck(),
                    new RbacCheck(),
                    new ImageCheck(),
                    new DeploymentCheck(),
                    new DisruptionBudgetCheck(),
                    new VersionsCheck(),
                    new ServiceCheck(),
                    new EndpointsCheck(),
                    new NetworkPoliciesCheck(),
                    new CertificateCheck(),
                    new WebhooksCheck(),
                    new CaBundleCheck(),
                    new OtherWebhooksCheck(),
                    new OutageCheck(),
                    new DryRunPodCheck())
            .map(Check.class::cast)
            .toList();

    private Checks() {}

    /**
     * Runs the checks.
     *
     * @param before whether Pillion is not installed yet
     * @param receiver gets each finding when its check is done
     * @throws UnreachableClusterException if the API server does not answer the first request
     */
    public static void run(boolean before, Inspection inspection, Consumer<Finding> receiver)
            throws UnreachableClusterException {
        inspection.connect();
        for (Check check : before ? BEFORE_INSTALLATION : INSTALLED) {
            run(check, inspection).forEach(receiver);
        }
    }

    static List<Finding> run(Check check, Inspection inspection) {
        try {
            return check.run(inspection);
        } catch (MissingRightException e) {
            return List.of(e.finding(check.id()));
        } catch (UnreachableClusterException e) {
            return List.of(new Finding(
                    check.id(),
                    Status.WARNING,
                    "Not checked: " + e.getMessage(),
                    "Run the command again when the API server answers"));
        }
    }
}
