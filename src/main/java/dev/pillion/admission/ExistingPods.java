package dev.pillion.admission;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import java.util.List;
import java.util.Optional;

/** Counts the existing Pods that a changed profile or policy affects. Reads Pods for 2.5 seconds at most. */
public interface ExistingPods {

    /** No Pods, for a server without a cluster. */
    ExistingPods NONE = new ExistingPods() {
        @Override
        public Count newlyDenied(Catalog changed, List<Policy> policies) {
            return Count.ZERO;
        }

        @Override
        public Count withCompanionsOf(String profile) {
            return Count.ZERO;
        }
    };

    /**
     * Pods that would be denied if they were created with the changed catalog, and not with the one in force.
     *
     * @param policies of the changed catalog: only Pods that the selectors of one of them match are counted
     */
    Count newlyDenied(Catalog changed, List<Policy> policies);

    /** Pods whose status names the profile or an instance of it. */
    Count withCompanionsOf(String profile);

    /**
     * How many Pods.
     *
     * @param example one of them, with the reason if it would be denied; empty if there is none
     * @param gap why there may be more; empty if all Pods were read
     */
    record Count(long pods, Optional<String> example, Optional<String> gap) {

        static final Count ZERO = new Count(0, Optional.empty(), Optional.empty());
    }
}
