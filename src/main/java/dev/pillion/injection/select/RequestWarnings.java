package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Warnings about requests that are likely to be mistakes. */
final class RequestWarnings {

    private RequestWarnings() {}

    /** An empty annotation is most likely made by a template without a value. */
    static List<Reason> emptyAnnotations(Pod pod) {
        List<Reason> warnings = new ArrayList<>();
        for (String annotation : Annotations.WRITTEN_BY_PEOPLE) {
            String value = pod.annotations().get(annotation);
            if (value != null && RequestReader.names(value).isEmpty()) {
                warnings.add(new Reason(
                        ReasonCode.REQUEST_EMPTY,
                        "annotation " + annotation + " is empty and requests nothing; write "
                                + switch (annotation) {
                                    case Annotations.WAIT_FOR -> "targets, such as HOST:PORT";
                                    case Annotations.CONTAINERS -> "names of containers";
                                    default -> "names of profiles, or \"false\" to opt out";
                                }
                                + ", or remove it"));
            }
        }
        return warnings;
    }

    /** @param enforced profiles that policies enforce */
    static Reason optOutIgnored(Map<String, RequestSource> enforced) {
        String policies = enforced.values().stream()
                .map(RequestSource::toString)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and "));
        return new Reason(
                ReasonCode.OPT_OUT_IGNORED,
                "annotation " + Annotations.INJECT + ": \"false\" has no effect on "
                        + String.join(", ", enforced.keySet()) + ", which " + policies + " enforces");
    }

    /** With a dot instead of a comma, {@code logging.proxy} requests one instance instead of two profiles. */
    static List<Reason> instancesNamedLikeProfiles(Map<String, RequestSource> profiles, Catalog catalog) {
        List<Reason> warnings = new ArrayList<>();
        profiles.forEach((name, source) -> InstanceName.of(name)
                .filter(each ->
                        !(source instanceof RequestSource.PolicyGrant) && warnings.size() < ReviewLimits.WARNINGS)
                .filter(each -> catalog.profile(each.instance()).isPresent())
                .ifPresent(each -> warnings.add(new Reason(
                        ReasonCode.REQUEST_MISPLACED,
                        source + " requests instance '" + each.instance() + "' of profile '" + each.profile()
                                + "'; to request both profiles, write " + each.instance() + ", " + each.profile()))));
        return warnings;
    }
}
