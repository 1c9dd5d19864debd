package dev.pillion.server.cluster;

import dev.pillion.cluster.Leadership;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.function.BooleanSupplier;

/** Whether this replica is the one that does what only one should do. Asking is a read of memory. */
public sealed interface Election extends BooleanSupplier {

    /**
     * There is none: as far as this replica knows it is the only one.
     *
     * @param reason a clause, after "since"
     */
    record None(String reason) implements Election {

        @Override
        public boolean getAsBoolean() {
            return true;
        }
    }

    /** @param client for what the leader does */
    record Running(Leadership leadership, KubernetesClient client, String namespace, String identity)
            implements Election {

        @Override
        public boolean getAsBoolean() {
            return leadership.held();
        }
    }
}
