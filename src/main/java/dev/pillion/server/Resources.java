package dev.pillion.server;

import dev.pillion.cluster.WatchedResources;

/** Whether the cluster has a say in which profiles and policies there are. */
sealed interface Resources {

    /** @param reason a clause, after "since" */
    record Unwatched(String reason) implements Resources {}

    /**
     * As the cluster has them.
     *
     * @param needed whether a cluster that does not define them is waited for until it does
     */
    record Watched(WatchedResources watched, ResourceFeed feed, boolean needed) implements Resources {

        /** Whether all that there were at some moment are in force, as far as they compile. Once so, it stays so. */
        boolean ready() {
            return needed ? feed.fedWithDefinitions() : feed.fed();
        }
    }
}
