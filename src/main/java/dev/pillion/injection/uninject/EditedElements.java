package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.SpecValue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds elements of a list that someone has changed after the injection. The status lists whole elements of lists whose elements have no unique
 * name, so a changed element is not found any more, and the list has another element instead. That one stays, since it can also be the app's own.
 *
 * @param list in words, for example {@code tolerations}
 * @param owner of the list in words, with a space before it; empty for the Pod
 * @param name the field that people know an element by; empty if it has none
 */
record EditedElements(String list, String owner, Function<JsonNode, String> name) {

    /** Anyone can write a status with many elements. */
    private static final int MAX = 16;

    /** The fields that name the elements of lists in a Pod's spec. */
    private static final List<String> NAMES = List.of("ip", "topologyKey", "key", "name");

    static EditedElements ofPod(String list) {
        return new EditedElements(list, "", element -> NAMES.stream()
                .map(field -> element.path(field).asText(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(""));
    }

    /** The sources of variables of a container. A source is known by the kind and the name of the object that it reads. */
    static EditedElements ofSources(String container) {
        return new EditedElements("envFrom", " of container " + container, source -> source.properties().stream()
                .filter(field -> field.getValue().isObject())
                .map(field ->
                        field.getKey() + " " + field.getValue().path("name").asText())
                .findFirst()
                .orElse(""));
    }

    /** @param listed elements that the status lists @param present elements of the Pod */
    void report(Set<JsonNode> listed, JsonNode present, LaterChanges changes) {
        DistinctValues missing = DistinctValues.of(listed);
        List<JsonNode> others = present.valueStream()
                .filter(element -> !missing.remove(SpecValue.of(element)))
                .toList();
        report(missing.elements(), others, changes);
    }

    /** @param missing elements that the status lists and the Pod does not have @param others elements of the Pod that the status does not list */
    void report(Collection<JsonNode> missing, Collection<JsonNode> others, LaterChanges changes) {
        if (missing.isEmpty() || others.isEmpty()) {
            // Without other elements, the missing ones were removed and not changed.
            return;
        }
        Map<String, Deque<JsonNode>> byName = new HashMap<>();
        others.forEach(other -> byName.computeIfAbsent(name.apply(other), key -> new ArrayDeque<>())
                .add(other));
        missing.stream().limit(MAX).forEach(element -> {
            String own = name.apply(element);
            JsonNode changed = own.isEmpty()
                    ? null
                    : byName.getOrDefault(own, new ArrayDeque<>()).poll();
            if (changed == null) {
                changes.miss(shown(element));
            } else {
                changes.keep(shown(changed));
            }
        });
    }

    private String shown(JsonNode element) {
        return list + " " + Excerpt.of(element.isTextual() ? element.textValue() : element.toString()) + owner;
    }
}
