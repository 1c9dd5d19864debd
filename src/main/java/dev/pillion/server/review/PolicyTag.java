package dev.pillion.server.review;

import dev.pillion.injection.reason.RequestSource;
import io.micrometer.core.instrument.Tag;

/** The policy that requests a profile, as a label of a metric. Annotations are not named: their number has no limit. */
public final class PolicyTag {

    private PolicyTag() {}

    public static Tag of(RequestSource source) {
        return switch (source) {
            case RequestSource.PolicyGrant(String policy) -> Tag.of("policy", policy);
            case RequestSource.Annotation _, RequestSource.NamespaceAnnotation _ -> none();
        };
    }

    /** No policy. */
    public static Tag none() {
        return Tag.of("policy", "");
    }
}
