package dev.pillion.cli.option;

import dev.pillion.injection.settings.InjectionSettings;
import picocli.CommandLine.Option;

/** Whether the profiles or the cluster set the user IDs of the built-in companions. */
public final class UserOptions {

    enum UserAssignment {
        PROFILE,
        CLUSTER;

        @Override
        public String toString() {
            return Keywords.of(this);
        }
    }

    @Option(
            names = "--user-assignment",
            paramLabel = "profile|cluster",
            description =
                    "Whether the profiles (the default) or the cluster (as on OpenShift) set the user IDs of the built-in"
                            + " companions.")
    private UserAssignment userAssignment = UserAssignment.PROFILE;

    public InjectionSettings applyTo(InjectionSettings settings) {
        return settings.withClusterAssignsUsers(userAssignment == UserAssignment.CLUSTER);
    }
}
