package dev.pillion.injection.reason;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A request for one profile.
 *
 * @param profile the name, which may be unknown
 */
public record ProfileRequest(String profile, RequestSource source) {

    /** The number of sources or profiles that a message names. It only counts the others, to stay readable. */
    private static final int MOST_NAMED = 3;

    /** The start of every sentence about the profile, for example {@code policy edge requests profile 'proxy'}. */
    @Override
    public String toString() {
        return source + " requests profile '" + profile + "'";
    }

    /** A sentence about a problem with the request. */
    public String but(String problem) {
        return this + ", but " + problem;
    }

    /**
     * What the reader can do about a parameter's value. Only the Pod's own annotations are entirely under the control of the Pod's owner.
     *
     * @param settable whether an annotation can set the parameter
     */
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
