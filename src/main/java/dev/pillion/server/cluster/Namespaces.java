package dev.pillion.server.cluster;

import dev.pillion.cluster.watch.WatchedNamespaces;
import dev.pillion.pod.Namespace;
import io.micrometer.core.instrument.Counter;
import java.util.function.Function;

/** Where the server's knowledge of namespaces comes from. Asking for one is a read of memory. */
public sealed interface Namespaces extends Function<String, Namespace> {

    /**
     * Whether a namespace will be known in a moment, and should be waited for: it was not heard of, and nothing keeps it from being so.
     * While the API server is away what was last known serves.
     */
    boolean expects(String name);

    /** Whether there is such a namespace, as far as is known. */
    boolean mayExist(String name);

    /**
     * Nothing but their names is known.
     *
     * @param reason a clause, after "since"
     */
    record Unwatched(String reason) implements Namespaces {

        @Override
        public boolean expects(String name) {
            return false;
        }

        @Override
        public boolean mayExist(String name) {
            return true;
        }

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
        public boolean expects(String name) {
            if (watched.find(name).isPresent()) {
                return false;
            }
            unknown.increment();
            return watched.trouble().isEmpty();
        }

        @Override
        public boolean mayExist(String name) {
            return watched.find(name).isPresent();
        }

        @Override
        public Namespace apply(String name) {
            return watched.find(name).orElseGet(() -> Namespace.named(name));
        }
    }
}
