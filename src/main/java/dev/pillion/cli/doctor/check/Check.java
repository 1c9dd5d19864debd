package dev.pillion.cli.doctor.check;

import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;

/** Examines one aspect of a cluster. */
interface Check {

    CheckId id();

    /**
     * @return at least one finding
     * @throws MissingRightException if the caller may not read what the check needs
     * @throws UnreachableClusterException if the API server does not answer, or answers with an error
     */
    List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException;
}
