package dev.pillion.server;

import io.micrometer.core.instrument.Tag;

/** Names in a metric the policy that asked for a profile. Annotations are not named: there are as many as people think of. */
final class PolicyTag {

    private static final String POLICY = "policy ";

    private PolicyTag() {}

    /** @param askedBy an annotation or a policy, as a plan has it */
    static Tag of(String askedBy) {
        return Tag.of("policy", askedBy.startsWith(POLICY) ? askedBy.substring(POLICY.length()) : "");
    }
}
