package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.pod.EnvironmentReferences;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The position of an injected variable among a container's own: directly before the first variable that refers to it, otherwise at the end,
 * where it may refer to all of the container's own variables.
 *
 * @param before the index of the container's own variable that it precedes; the number of its own variables for the end
 */
record VariablePlacement(int before, JsonNode variable) {

    /** The positions of all variables that are added to one container, in their order. The cost is linear in both lists. */
    static List<VariablePlacement> of(JsonNode own, List<JsonNode> added) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        added.forEach(variable -> byName.put(variable.path("name").asText(), variable));
        Map<String, Integer> places = firstUses(own, byName);
        List<JsonNode> ordered =
                EnvironmentReferences.inOrder(byName.keySet(), name -> Optional.ofNullable(byName.get(name)));
        // A variable must not come after a variable that refers to it.
        for (JsonNode variable : ordered.reversed()) {
            int place = places.getOrDefault(variable.path("name").asText(), own.size());
            for (String used : EnvironmentReferences.of(variable)) {
                places.merge(used, place, Math::min);
            }
        }
        List<VariablePlacement> placements = new ArrayList<>();
        for (JsonNode variable : ordered) {
            int place = places.getOrDefault(variable.path("name").asText(), own.size());
            placements.add(new VariablePlacement(place, variable));
        }
        placements.sort(Comparator.comparingInt(VariablePlacement::before));
        return placements;
    }

    private static Map<String, Integer> firstUses(JsonNode own, Map<String, JsonNode> added) {
        Map<String, Integer> places = new HashMap<>();
        int index = 0;
        for (JsonNode variable : own) {
            for (String used : EnvironmentReferences.of(variable)) {
                if (added.containsKey(used)) {
                    places.putIfAbsent(used, index);
                }
            }
            index++;
        }
        return places;
    }
}
