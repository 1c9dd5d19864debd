package dev.pillion.server.cluster;

import dev.pillion.cluster.Leadership;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.function.BooleanSupplier;

/** Whether this replica is the leader, which does what only one replica should do. Performs no I/O. */
public sealed interface Election extends BooleanSupplier {

    /**
     * No election: this replica is the only one, as far as it knows.
     *
     * @param reason a clause, after "since"
     */
    record None(String reason) implements Election {

        @Override
        public boolean getAsBoolean() {
            return true;
        }
    }

    /** @param client for the work of the leader; not closed with the election */
    record Running(Leadership leadership, KubernetesClient client, String namespace, String identity)
            implements Election {

        @Override
        public boolean getAsBoolean() {
            return leadership.held();
        }
    }
}
