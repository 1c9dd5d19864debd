package dev.pillion.server.cluster;

import dev.pillion.cluster.Capabilities;

/** Whether the cluster has native sidecars, and how the server knows. Performs no I/O. */
public sealed interface NativeSidecars {

    boolean available();

    /** Set by the configuration, or the default for a cluster that cannot be asked. */
    record Assumed(boolean available) implements NativeSidecars {}

    /** By the version of the cluster. */
    record Discovered(Capabilities capabilities) implements NativeSidecars {

        @Override
        public boolean available() {
            return capabilities.nativeSidecars();
        }
    }
}
