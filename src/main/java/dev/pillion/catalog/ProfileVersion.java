package dev.pillion.catalog;

/** A generation of a profile. */
public sealed interface ProfileVersion {

    /** See {@link Profile#generation()}. */
    String generation();

    /** Pods can get it. */
    record Usable(Profile profile) implements ProfileVersion {

        @Override
        public String generation() {
            return profile.generation();
        }
    }

    /**
     * Pods cannot get it, for example because a policy in force does not compile with it.
     *
     * @param reason a clause, for a message after "cannot be used: "
     */
    record Unusable(String generation, String reason) implements ProfileVersion {}
}
