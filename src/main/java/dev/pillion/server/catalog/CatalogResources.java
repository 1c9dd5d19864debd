package dev.pillion.server.catalog;

import dev.pillion.cluster.watch.WatchedResources;

/** Whether the cluster has a say in which profiles and policies there are. */
public sealed interface CatalogResources {

    /** @param reason a clause, after "since" */
    record Unwatched(String reason) implements CatalogResources {}

    /**
     * As the cluster has them.
     *
     * @param needed whether a cluster that does not define them is waited for until it does
     */
    record Watched(WatchedResources watched, CatalogSync feed, boolean needed) implements CatalogResources {

        /** Whether all that there were at some moment are in force, as far as they compile. Once so, it stays so. */
        boolean ready() {
            return needed ? feed.fedWithDefinitions() : feed.fed();
        }
    }
}
