package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.PodSpecPlace;
import dev.pillion.injection.plan.PodSpecPlace.Rule;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.SpecValue;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds to fields of the Pod's spec that concern the whole Pod. All operations are {@code add}. */
public final class PodSpecEdits {

    /** Kubernetes' limit for all searches together, with a space between two (validation.go, MaxDNSSearchListChars). */
    private static final int SEARCH_CHARACTERS = 2048;

    /** What becomes of what profiles want to add. */
    public interface Outcomes {

        /** @param addition as {@code priorityClassName high} */
        void added(Chosen chosen, String addition);

        /**
         * @param what a sentence that says what is kept
         * @param ofPod whether it is the Pod's own, and not another profile's
         */
        void kept(Chosen chosen, String what, boolean ofPod);
    }

    /** What a profile adds in a place. */
    private record Wanted(Chosen chosen, JsonNode value) {}

    private final PodEdit edit;
    private final Pod pod;

    public PodSpecEdits(PodEdit edit) {
        this.edit = edit;
        this.pod = edit.pod();
    }

    public void add(List<RenderedProfile> all, Outcomes outcomes) {
        List<RenderedProfile> adding =
                all.stream().filter(each -> each.profile().addsToSpec()).toList();
        if (adding.isEmpty()) {
            return;
        }
        for (PodSpecPlace place : PodSpecPlace.ALL) {
            List<Wanted> wanted = new ArrayList<>();
            for (RenderedProfile each : adding) {
                JsonNode value = place.in(each);
                if (!isNothing(value)) {
                    wanted.add(new Wanted(each.chosen(), value));
                }
            }
            if (!wanted.isEmpty()) {
                add(place, wanted, outcomes);
            }
        }
    }

    private void add(PodSpecPlace place, List<Wanted> wanted, Outcomes outcomes) {
        switch (place.rule()) {
            case Rule.IfAbsent rule ->
                wanted.forEach(
                        each -> set(each.chosen(), place, rule, place.pointer(), place.name(), each.value(), outcomes));
            case Rule.Longer(long byDefault) -> prolong(place, byDefault, wanted, outcomes);
            case Rule.Entries() ->
                wanted.forEach(each -> each.value()
                        .properties()
                        .forEach(entry -> set(
                                each.chosen(),
                                place,
                                new Rule.IfAbsent(Set.of(), List.of()),
                                place.pointer().child(entry.getKey()),
                                place.name() + " " + entry.getKey(),
                                entry.getValue(),
                                outcomes)));
            case Rule.Elements rule -> append(place, rule, wanted, outcomes);
            case Rule.NodeRequirements() -> require(place, wanted, outcomes);
        }
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || value.isTextual() && value.textValue().isEmpty()
                || value.equals(BooleanNode.FALSE)
                || value.isContainerNode() && value.isEmpty();
    }

    private void set(
            Chosen chosen,
            PodSpecPlace place,
            Rule.IfAbsent rule,
            Pointer pointer,
            String name,
            JsonNode value,
            Outcomes outcomes) {
        Optional<JsonNode> other = edit.claim(pointer.toString(), value);
        if (other.isPresent()) {
            if (!SpecValue.same(other.get(), value)) {
                outcomes.kept(chosen, "its " + name + " " + shown(value) + " gives way to another profile's", false);
            }
            return;
        }
        JsonNode present = pointer.in(pod.tree());
        String obstacle = place.obstacle(pod);
        if (SpecValue.same(present, value)) {
            carry(pointer, present);
            rule.derived().forEach(derived -> carryDerived(pointer, PodSpecPlace.spec(derived)));
        } else if (!isUnset(present) && !rule.defaults().contains(present.asText())) {
            outcomes.kept(chosen, "the Pod keeps its own " + name + " " + shown(present), true);
        } else if (!obstacle.isEmpty()) {
            outcomes.kept(
                    chosen,
                    "the Pod keeps its own " + obstacle + " " + shown(pod.spec(obstacle)) + ", which excludes " + name
                            + " " + shown(value),
                    true);
        } else {
            put(pointer, value);
            for (String derived : rule.derived()) {
                if (!pod.spec(derived).isMissingNode()) {
                    put(PodSpecPlace.spec(derived), NullNode.getInstance());
                }
            }
            outcomes.added(chosen, name + " " + shown(value));
        }
    }

    private static boolean isUnset(JsonNode present) {
        return present.isMissingNode()
                || present.isNull()
                || present.isTextual() && present.textValue().isEmpty();
    }

    /** The longest of all; which profile wants it does not matter to the others. */
    private void prolong(PodSpecPlace place, long byDefault, List<Wanted> wanted, Outcomes outcomes) {
        Wanted longest = wanted.stream()
                .reduce((one, other) -> other.value().asLong() > one.value().asLong() ? other : one)
                .orElseThrow();
        JsonNode present = place.pointer().in(pod.tree());
        long now = isUnset(present) ? byDefault : present.asLong();
        if (longest.value().asLong() > now) {
            put(place.pointer(), longest.value());
            outcomes.added(longest.chosen(), place.name() + " " + longest.value());
        } else if (longest.value().asLong() == now) {
            carry(place.pointer(), present);
        }
    }

    private void append(PodSpecPlace place, Rule.Elements rule, List<Wanted> wanted, Outcomes outcomes) {
        JsonNode present = place.pointer().in(pod.tree());
        Map<String, DistinctValues> byKey = new HashMap<>();
        int count = present.size();
        long characters = count;
        for (JsonNode element : present) {
            JsonNode value = SpecValue.of(element);
            characters += element.asText().length();
            rule.keys().apply(element).forEach(key -> byKey.computeIfAbsent(key, unused -> new DistinctValues())
                    .add(value));
        }
        DistinctValues earlier = earlierElements(place.pointer());
        Set<String> ours = new HashSet<>();
        for (Wanted each : wanted) {
            for (JsonNode element : each.value()) {
                JsonNode value = SpecValue.of(element);
                List<String> keys = rule.keys().apply(element);
                List<String> taken = keys.stream().filter(byKey::containsKey).toList();
                if (taken.stream().anyMatch(key -> present(byKey, key).contains(value))) {
                    if (earlier.contains(value)) {
                        list(place.pointer(), value);
                    }
                } else if (!taken.isEmpty()) {
                    boolean ofPod = !ours.containsAll(taken);
                    outcomes.kept(
                            each.chosen(),
                            ofPod
                                    ? "the Pod keeps its own " + place.name() + " "
                                            + shown(present(byKey, taken.getFirst())
                                                    .first())
                                    : "its " + place.name() + " " + shown(element) + " gives way to another profile's",
                            ofPod);
                } else if (count >= rule.most()
                        || place.name().equals("dnsConfig.searches")
                                && characters + element.asText().length() > SEARCH_CHARACTERS) {
                    outcomes.kept(
                            each.chosen(),
                            "its " + place.name() + " " + shown(element) + " is left out, since the Pod has " + count
                                    + " and Kubernetes allows no more",
                            true);
                } else {
                    count++;
                    characters += element.asText().length() + 1L;
                    keys.forEach(key -> byKey.computeIfAbsent(key, unused -> new DistinctValues())
                            .add(value));
                    ours.addAll(keys);
                    edit.patch().append(place.pointer(), element);
                    list(place.pointer(), value);
                    outcomes.added(each.chosen(), place.name() + " " + shown(element));
                }
            }
        }
    }

    private void require(PodSpecPlace place, List<Wanted> wanted, Outcomes outcomes) {
        JsonNode terms = place.pointer().in(pod.tree());
        if (terms.isEmpty()) {
            requireFirst(place, wanted, outcomes);
            return;
        }
        Map<String, DistinctValues> said = new HashMap<>();
        for (int index = 0; index < terms.size(); index++) {
            JsonNode term = terms.get(index);
            if (PodSpecPlace.TERM_FIELDS.stream()
                    .allMatch(field -> term.path(field).isEmpty())) {
                continue;
            }
            for (String field : PodSpecPlace.TERM_FIELDS) {
                Pointer list = place.pointer().child(index).child(field);
                DistinctValues there = DistinctValues.of(term.path(field));
                DistinctValues earlier = earlierElements(list);
                wanted.forEach(each -> each.value().path(0).path(field).forEach(requirement -> {
                    JsonNode value = SpecValue.of(requirement);
                    if (there.add(value)) {
                        edit.patch().append(list, requirement);
                        list(list, value);
                        if (said.computeIfAbsent(field, unused -> new DistinctValues())
                                .add(value)) {
                            outcomes.added(each.chosen(), name(requirement));
                        }
                    } else if (earlier.contains(value)) {
                        list(list, value);
                    }
                }));
            }
        }
    }

    /** The Pod has no term: it gets one with the requirements of all profiles. */
    private void requireFirst(PodSpecPlace place, List<Wanted> wanted, Outcomes outcomes) {
        ObjectNode term = JsonNodeFactory.instance.objectNode();
        Pointer pointer = place.pointer().child(0);
        for (String field : PodSpecPlace.TERM_FIELDS) {
            DistinctValues there = new DistinctValues();
            wanted.forEach(each -> each.value().path(0).path(field).forEach(requirement -> {
                JsonNode value = SpecValue.of(requirement);
                if (there.add(value)) {
                    term.withArray("/" + field).add(requirement);
                    list(pointer.child(field), value);
                    outcomes.added(each.chosen(), name(requirement));
                }
            }));
            if (!there.isEmpty()) {
                edit.status().absent.add(placeOf(pointer.child(field)));
            }
        }
        if (!term.isEmpty()) {
            edit.status().absent.add(placeOf(pointer));
            edit.patch().append(place.pointer(), term);
        }
    }

    public static String placeOf(Pointer pointer) {
        return String.join(".", pointer.steps());
    }

    private static String name(JsonNode requirement) {
        return "required node affinity " + shown(requirement);
    }

    private void put(Pointer pointer, JsonNode value) {
        List<String> steps = pointer.steps();
        JsonNode before = pointer.in(pod.tree());
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.set("value", SpecValue.of(value));
        if (!before.isMissingNode()) {
            record.set("before", before);
        }
        edit.patch().put(new Pointer(steps.subList(0, steps.size() - 1)), steps.getLast(), value);
        edit.status().podFields.put(pointer.toString(), record);
    }

    private void list(Pointer list, JsonNode value) {
        StatusBuilder.list(edit.status().podElements, list.toString(), value);
    }

    private DistinctValues earlierElements(Pointer list) {
        return DistinctValues.of(edit.earlier().podElements().getOrDefault(list.toString(), Set.of()));
    }

    private static DistinctValues present(Map<String, DistinctValues> byKey, String key) {
        return byKey.getOrDefault(key, new DistinctValues());
    }

    private void carry(Pointer pointer, JsonNode present) {
        JsonNode record = edit.earlier().podFields().get(pointer.toString());
        if (record != null && SpecValue.same(record.path("value"), present)) {
            edit.status().podFields.put(pointer.toString(), record);
        }
    }

    private void carryDerived(Pointer from, Pointer derived) {
        JsonNode record = edit.earlier().podFields().get(derived.toString());
        if (record != null && edit.status().podFields.containsKey(from.toString())) {
            edit.status().podFields.put(derived.toString(), record);
        }
    }

    private static String shown(JsonNode value) {
        return Excerpt.of(value.isTextual() ? value.textValue() : value.toString());
    }
}
