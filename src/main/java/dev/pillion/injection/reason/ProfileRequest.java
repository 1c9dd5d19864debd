package dev.pillion.injection.reason;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One profile that is requested for a Pod.
 *
 * @param profile its name; there may be no such profile
 */
public record ProfileRequest(String profile, RequestSource source) {

    /** More sources or profiles than this are counted, not named: a message stays readable. */
    private static final int MOST_NAMED = 3;

    /** The start of every sentence about the profile, for example {@code policy edge requests profile 'proxy'}. */
    @Override
    public String toString() {
        return source + " requests profile '" + profile + "'";
    }

    /** A sentence about what goes wrong with the request. */
    public String but(String problem) {
        return this + ", but " + problem;
    }

    /** What the reader can do about a parameter's value. Only a Pod's own request is in the hands of the Pod's owner alone. */
    public String remedyFor(String parameter, boolean settable) {
        if (!settable) {
            return "ask the platform team";
        }
        String annotate = "set annotation " + Annotations.parameter(profile, parameter);
        return switch (source) {
            case RequestSource.Annotation _ -> annotate;
            case RequestSource.NamespaceAnnotation _, RequestSource.PolicyGrant _ ->
                annotate + ", or ask the platform team";
        };
    }

    /** The start of a sentence about several requests. */
    public static String all(Collection<ProfileRequest> requests) {
        Map<RequestSource, Set<String>> profiles = new LinkedHashMap<>();
        for (ProfileRequest request : requests) {
            profiles.computeIfAbsent(request.source(), source -> new LinkedHashSet<>())
                    .add(request.profile());
        }
        return joined(profiles.entrySet().stream()
                .map(entry -> entry.getKey() + " requests "
                        + (entry.getValue().size() == 1 ? "profile " : "profiles ")
                        + joined(entry.getValue().stream()
                                .map(profile -> "'" + profile + "'")
                                .toList()))
                .toList());
    }

    private static String joined(List<String> parts) {
        int rest = parts.size() - MOST_NAMED;
        String named = parts.stream().limit(MOST_NAMED).collect(Collectors.joining(" and "));
        return rest > 0 ? named + " and " + rest + " more" : named;
    }
}
