package dev.pillion.cli.simulate;

import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request in addition to a Pod's own annotations.
 *
 * @param profiles names, as in {@code pillion.dev/inject}
 * @param targets as in {@code pillion.dev/wait-for}
 * @param parameters values by annotation
 */
public record AdditionalRequest(List<String> profiles, List<String> targets, Map<String, String> parameters) {

    public static AdditionalRequest none() {
        return new AdditionalRequest(List.of(), List.of(), Map.of());
    }

    /** The annotations that make this request. Profiles and targets are added to those that the Pod or its namespace requests. */
    Map<String, String> annotations(Pod pod, Namespace namespace) {
        Map<String, String> annotations = new LinkedHashMap<>();
        if (!profiles.isEmpty()) {
            String present = pod.annotations()
                    .getOrDefault(Annotations.INJECT, namespace.annotations().getOrDefault(Annotations.INJECT, ""));
            boolean optedOut = present.strip().equals("false");
            annotations.put(Annotations.INJECT, joined(optedOut ? "" : present, profiles));
        }
        if (!targets.isEmpty()) {
            annotations.put(
                    Annotations.WAIT_FOR, joined(pod.annotations().getOrDefault(Annotations.WAIT_FOR, ""), targets));
        }
        annotations.putAll(parameters);
        return annotations;
    }

    /** Adds only what the list does not contain, so that the same options twice make the same request. */
    private static String joined(String present, List<String> added) {
        List<String> known =
                Arrays.stream(present.split(",", -1)).map(String::strip).toList();
        List<String> all = new ArrayList<>(present.isBlank() ? List.of() : List.of(present.strip()));
        added.stream().filter(name -> !known.contains(name)).forEach(all::add);
        return String.join(", ", all);
    }
}
