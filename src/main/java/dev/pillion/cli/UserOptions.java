package dev.pillion.cli;

import dev.pillion.injection.InjectionSettings;
import picocli.CommandLine.Option;

/** Who chooses the users of the built-in profiles' containers. */
final class UserOptions {

    enum AssignUsers {
        FIXED,
        CLUSTER;

        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    @Option(
            names = "--assign-users",
            paramLabel = "fixed|cluster",
            description =
                    "Who chooses the users of the built-in profiles' containers: the profile (fixed), or the cluster, as on OpenShift.")
    private AssignUsers assignUsers = AssignUsers.FIXED;

    InjectionSettings applyTo(InjectionSettings settings) {
        return settings.withClusterAssignsUsers(assignUsers == AssignUsers.CLUSTER);
    }
}
