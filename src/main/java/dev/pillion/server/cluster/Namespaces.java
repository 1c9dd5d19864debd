package dev.pillion.server.cluster;

import dev.pillion.cluster.watch.WatchedNamespaces;
import dev.pillion.pod.Namespace;
import io.micrometer.core.instrument.Counter;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/** The namespaces of the cluster, as far as the server knows them. No method performs I/O. */
public sealed interface Namespaces extends Function<String, Namespace> {

    /**
     * Whether a review should wait for this namespace: it is not known yet, and the watch works, so it will be known in a moment. While the API
     * server is unavailable, no review waits.
     */
    boolean isExpected(String name);

    /** Whether the namespace exists as far as the server knows. */
    boolean mayExist(String name);

    /** All namespaces, if the server knows them. */
    Optional<Collection<Namespace>> all();

    /** Counts a review that creates a Pod in this namespace, if the namespace is not known. */
    void countReview(String name);

    /**
     * Only the name of a namespace is known.
     *
     * @param reason a clause, after "since"
     */
    record Unwatched(String reason) implements Namespaces {

        @Override
        public boolean isExpected(String name) {
            return false;
        }

        @Override
        public boolean mayExist(String name) {
            return true;
        }

        @Override
        public Optional<Collection<Namespace>> all() {
            return Optional.empty();
        }

        @Override
        public void countReview(String name) {}

        @Override
        public Namespace apply(String name) {
            return Namespace.named(name);
        }
    }

    /**
     * The namespaces are watched.
     *
     * @param unknownReviews counts reviews in a namespace that is not known, for example because it was created a moment before
     */
    record Watched(WatchedNamespaces watched, Counter unknownReviews) implements Namespaces {

        @Override
        public boolean isExpected(String name) {
            return !mayExist(name) && watched.problem().isEmpty();
        }

        @Override
        public Optional<Collection<Namespace>> all() {
            return watched.synced() ? Optional.of(watched.known()) : Optional.empty();
        }

        @Override
        public void countReview(String name) {
            if (!mayExist(name)) {
                unknownReviews.increment();
            }
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
