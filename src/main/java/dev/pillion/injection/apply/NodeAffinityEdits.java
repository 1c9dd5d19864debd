package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.PodSpecPlace;
import dev.pillion.injection.plan.SpecValue;
import dev.pillion.patch.Pointer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds requirements to the Pod's required node affinity. A node must match one of the terms, so each requirement is added to every term. A term
 * without requirements matches no node and stays as it is.
 */
record NodeAffinityEdits(PodEdit edit, PodSpecStatus status, PodSpecPlace place, PodSpecEdits.Outcomes outcomes) {

    NodeAffinityEdits(PodEdit edit, PodSpecPlace place, PodSpecEdits.Outcomes outcomes) {
        this(edit, new PodSpecStatus(edit), place, outcomes);
    }

    void add(List<PodSpecEdits.RenderedValue> additions) {
        JsonNode terms = place.pointer().in(edit.pod().tree());
        if (terms.isEmpty()) {
            addFirstTerm(additions);
            return;
        }
        Map<String, DistinctValues> reported = new HashMap<>();
        for (int index = 0; index < terms.size(); index++) {
            JsonNode term = terms.get(index);
            if (PodSpecPlace.TERM_FIELDS.stream()
                    .allMatch(field -> term.path(field).isEmpty())) {
                continue;
            }
            for (String field : PodSpecPlace.TERM_FIELDS) {
                Pointer list = place.pointer().child(index).child(field);
                DistinctValues present = DistinctValues.of(term.path(field));
                DistinctValues earlier = status.earlierElements(list);
                additions.forEach(each -> each.value().path(0).path(field).forEach(requirement -> {
                    JsonNode value = SpecValue.of(requirement);
                    if (present.add(value)) {
                        edit.patch().append(list, requirement);
                        status.list(list, value);
                        if (reported.computeIfAbsent(field, unused -> new DistinctValues())
                                .add(value)) {
                            outcomes.added(each.chosen(), name(requirement));
                        }
                    } else if (earlier.contains(value)) {
                        status.list(list, value);
                    }
                }));
            }
        }
    }

    /** Adds one term with the requirements of all profiles to a Pod that has no term. */
    private void addFirstTerm(List<PodSpecEdits.RenderedValue> additions) {
        ObjectNode term = JsonNodeFactory.instance.objectNode();
        Pointer pointer = place.pointer().child(0);
        for (String field : PodSpecPlace.TERM_FIELDS) {
            DistinctValues present = new DistinctValues();
            additions.forEach(each -> each.value().path(0).path(field).forEach(requirement -> {
                JsonNode value = SpecValue.of(requirement);
                if (present.add(value)) {
                    term.withArray("/" + field).add(requirement);
                    status.list(pointer.child(field), value);
                    outcomes.added(each.chosen(), name(requirement));
                }
            }));
            if (!present.isEmpty()) {
                edit.status().absent.add(PodSpecEdits.placeOf(pointer.child(field)));
            }
        }
        if (!term.isEmpty()) {
            edit.status().absent.add(PodSpecEdits.placeOf(pointer));
            edit.patch().append(place.pointer(), term);
        }
    }

    private static String name(JsonNode requirement) {
        return "required node affinity " + PodSpecEdits.shown(requirement);
    }
}
