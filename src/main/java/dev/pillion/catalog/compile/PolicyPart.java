package dev.pillion.catalog.compile;

/** The part of a policy that a problem is in. A policy with a problem in one part can still be used without that part. */
public sealed interface PolicyPart {

    /** Fields that decide which Pods a policy selects and what it does with them. */
    enum Field implements PolicyPart {
        MODE,
        NAMESPACE_SELECTOR,
        POD_SELECTOR,
        PERCENTAGE
    }

    /**
     * One element of {@code spec.profiles}.
     *
     * @param index from 0
     * @param profileMissing whether there is no profile of its name
     */
    record Grant(int index, boolean profileMissing) implements PolicyPart {}
}
