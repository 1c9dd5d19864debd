package dev.pillion.injection;

import dev.pillion.patch.Patch;

/** What is to be done with a Pod. */
public sealed interface Decision {

    /** The Pod gets what the plan says, by this patch. */
    record Injected(Plan plan, Patch patch) implements Decision {}

    /** The Pod stays as it is. The plan says what it has or would have had, and may hold warnings. */
    record Unchanged(Reason reason, Plan plan) implements Decision {}

    /** The Pod is refused. */
    record Denied(Reason reason) implements Decision {}
}
