package dev.pillion.server.cluster;

import dev.pillion.cluster.Capabilities;

/** Where the server's knowledge comes from of whether the cluster has native sidecars. Asking is a read of memory. */
public sealed interface NativeSidecars {

    boolean available();

    /** As the operator has said, or as every supported cluster has it. */
    record Assumed(boolean available) implements NativeSidecars {}

    /** As the cluster's version tells. */
    record Discovered(Capabilities capabilities) implements NativeSidecars {

        @Override
        public boolean available() {
            return capabilities.nativeSidecars();
        }
    }
}
