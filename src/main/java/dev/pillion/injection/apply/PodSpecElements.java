package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.PodSpecPlace;
import dev.pillion.injection.plan.PodSpecPlace.Rule;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.SpecValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Appends elements to one list of the Pod's spec, for example to its tolerations. An element of the Pod with the same key is kept, and so is
 * the element of the first profile that adds one.
 */
final class PodSpecElements {

    /** Kubernetes' limit for all searches together, with a space between two (validation.go, MaxDNSSearchListChars). */
    private static final int SEARCH_CHARACTERS = 2048;

    private final PodEdit edit;
    private final PodSpecStatus status;
    private final PodSpecPlace place;
    private final Rule.Elements rule;
    private final PodSpecEdits.Outcomes outcomes;
    private final Map<String, DistinctValues> byKey = new HashMap<>();
    private final Set<String> addedKeys = new HashSet<>();
    private final DistinctValues earlier;
    private int count;
    private long characters;

    PodSpecElements(PodEdit edit, PodSpecPlace place, Rule.Elements rule, PodSpecEdits.Outcomes outcomes) {
        this.edit = edit;
        this.status = new PodSpecStatus(edit);
        this.place = place;
        this.rule = rule;
        this.outcomes = outcomes;
        this.earlier = status.earlierElements(place.pointer());
        JsonNode present = place.pointer().in(edit.pod().tree());
        count = present.size();
        characters = count;
        for (JsonNode element : present) {
            characters += element.asText().length();
            index(element, rule.keys().apply(element));
        }
    }

    private void index(JsonNode element, List<String> keys) {
        JsonNode value = SpecValue.of(element);
        keys.forEach(key ->
                byKey.computeIfAbsent(key, unused -> new DistinctValues()).add(value));
    }

    void append(Chosen chosen, JsonNode element) {
        JsonNode value = SpecValue.of(element);
        List<String> keys = rule.keys().apply(element);
        List<String> taken = keys.stream().filter(byKey::containsKey).toList();
        if (taken.stream().anyMatch(key -> present(key).contains(value))) {
            if (earlier.contains(value)) {
                status.list(place.pointer(), value);
            }
        } else if (!taken.isEmpty()) {
            keepPresent(chosen, element, taken);
        } else if (isFull(element)) {
            outcomes.kept(
                    chosen,
                    "its " + place.name() + " " + PodSpecEdits.shown(element) + " is not added, because the Pod has "
                            + count + " and Kubernetes allows no more",
                    true);
        } else {
            count++;
            characters += element.asText().length() + 1L;
            index(element, keys);
            addedKeys.addAll(keys);
            edit.patch().append(place.pointer(), element);
            status.list(place.pointer(), value);
            outcomes.added(chosen, place.name() + " " + PodSpecEdits.shown(element));
        }
    }

    private void keepPresent(Chosen chosen, JsonNode element, List<String> taken) {
        boolean ofPod = !addedKeys.containsAll(taken);
        outcomes.kept(
                chosen,
                ofPod
                        ? "the Pod keeps its own " + place.name() + " "
                                + PodSpecEdits.shown(present(taken.getFirst()).first())
                        : "its " + place.name() + " " + PodSpecEdits.shown(element)
                                + " is not added, because another profile takes precedence",
                ofPod);
    }

    private boolean isFull(JsonNode element) {
        return count >= rule.most()
                || place.name().equals("dnsConfig.searches")
                        && characters + element.asText().length() > SEARCH_CHARACTERS;
    }

    private DistinctValues present(String key) {
        return byKey.getOrDefault(key, new DistinctValues());
    }
}
