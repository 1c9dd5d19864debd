package dev.pillion.server.catalog;

import dev.pillion.cluster.watch.WatchedResources;

/** The profiles and policies of the cluster, if they are watched. */
public sealed interface CatalogResources {

    /** @param reason a clause, after "since" */
    record Unwatched(String reason) implements CatalogResources {}

    /**
     * They are watched.
     *
     * @param needed whether the server is ready only after the cluster defines them
     */
    record Watched(WatchedResources watched, CatalogSync sync, boolean needed) implements CatalogResources {

        /** Whether all resources came into force once, as far as they compile. Never becomes false again. */
        boolean ready() {
            return needed ? sync.syncedWithDefinitions() : sync.synced();
        }
    }
}
