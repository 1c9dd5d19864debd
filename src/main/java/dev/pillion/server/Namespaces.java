package dev.pillion.server;

import dev.pillion.cluster.WatchedNamespaces;
import dev.pillion.pod.Namespace;
import io.micrometer.core.instrument.Counter;
import java.util.function.Function;

/** Where the server's knowledge of namespaces comes from. Asking for one is a read of memory. */
sealed interface Namespaces extends Function<String, Namespace> {

    /**
     * Nothing but their names is known.
     *
     * @param reason a clause, after "since"
     */
    record Unwatched(String reason) implements Namespaces {

        @Override
        public Namespace apply(String name) {
            return Namespace.named(name);
        }
    }

    /**
     * As the cluster has them.
     *
     * @param unknown counts namespaces that were not heard of when a Pod was created in them, as those made a moment before
     */
    record Watched(WatchedNamespaces watched, Counter unknown) implements Namespaces {

        @Override
        public Namespace apply(String name) {
            return watched.find(name).orElseGet(() -> {
                unknown.increment();
                return Namespace.named(name);
            });
        }
    }
}
