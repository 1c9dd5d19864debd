package dev.pillion.injection.reason;

import java.util.Locale;

/** The stable codes of decisions, warnings and findings, for metrics, audit annotations and searches. They are never renamed. */
public enum ReasonCode {
    // Nothing was changed.
    NOT_REQUESTED,
    OPTED_OUT,
    ALREADY_INJECTED,
    SKIPPED,
    MIRROR_POD,
    EXCLUDED_NAMESPACE,
    WINDOWS_POD,
    NOT_A_POD_CREATION,
    COMPLIANT,

    // The Pod was denied.
    UNKNOWN_ANNOTATION,
    UNKNOWN_PROFILE,
    UNKNOWN_PARAMETER,
    UNKNOWN_CONTAINER,
    INVALID_VALUE,
    MISSING_PARAMETER,
    LOCKED_PARAMETER,
    GENERATION_UNAVAILABLE,
    RESTRICTED_PROFILE,
    GUARD_NOT_ACCEPTED,
    CONFLICTING_ANNOTATIONS,
    NAME_TAKEN,
    EXPRESSION_FAILED,
    DIRECTORY_NOT_SHAREABLE,
    ANNOTATIONS_TOO_LARGE,
    TOO_LARGE,
    MALFORMED_POD,
    /** A denial if earlier additions cannot be removed, otherwise a warning. */
    CHANGED_REQUEST,
    /** In a strict namespace a denial, elsewhere a warning. */
    WINDOWS_NOT_SELECTED,
    /** In a strict namespace a denial, elsewhere a warning. */
    REQUIREMENT_UNMET,

    // The Pod was injected, or a warning was given.
    INJECTED,
    PROFILE_SKIPPED,
    PARAMETER_UNUSED,
    REQUEST_MISPLACED,
    REQUEST_EMPTY,
    FILE_MISSING,
    ENV_CONFLICT,
    MOUNT_CONFLICT,
    METADATA_CONFLICT,
    POD_FIELD_CONFLICT,
    DIRECTORY_NOT_SHARED,
    DIRECTORY_HIDDEN,
    PROFILE_WARNING,
    PORT_TAKEN,
    SIDECAR_OUTLIVES_APP,
    GUARANTEED_QOS_LOST,
    ENV_FROM_REPLACED,
    OPT_OUT_IGNORED,
    CONTAINERS_IGNORED,
    DEFAULT_CONTAINER_IGNORED,
    STATUS_UNREADABLE,
    POLICY_CONFLICT,
    MATCH_CONDITION_FAILED,

    // The final Pod does not have what a policy enforces.
    COMPANION_MISSING,
    COMPANION_CHANGED,

    // The reason is about a profile or a policy, not about a Pod.
    COMPILED,
    NOT_COMPILED,
    PROFILE_IN_USE,
    DENIES_EXISTING_PODS,
    NOT_A_RESOURCE;

    /** The code as it is written in messages and metrics, for example {@code unknown-profile}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
