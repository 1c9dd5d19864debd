package dev.pillion.server;

import dev.pillion.injection.RequestSource;
import io.micrometer.core.instrument.Tag;

/** The policy that requests a profile, as a label of a metric. Annotations are not named: their number has no limit. */
final class PolicyTag {

    private PolicyTag() {}

    static Tag of(RequestSource source) {
        return switch (source) {
            case RequestSource.PolicyGrant(String policy) -> Tag.of("policy", policy);
            case RequestSource.Annotation _, RequestSource.NamespaceAnnotation _ -> none();
        };
    }

    /** No policy. */
    static Tag none() {
        return Tag.of("policy", "");
    }
}
