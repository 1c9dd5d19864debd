package dev.pillion.server;

import dev.pillion.cluster.Cluster;

/** The cluster that the server asks and tells things of its own accord, if there is one. */
sealed interface Surroundings {

    /** @param reason a clause, after "since" */
    record None(String reason) implements Surroundings {}

    record Within(Cluster cluster) implements Surroundings {}
}
