package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.PodSpecPlace;
import dev.pillion.injection.plan.PodSpecPlace.Rule;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.SpecValue;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Adds to fields of the Pod's spec that apply to the whole Pod. All operations are {@code add}. */
public final class PodSpecEdits {

    /** Receives the outcome for each addition. */
    public interface Outcomes {

        /** @param addition as {@code priorityClassName high} */
        void added(Chosen chosen, String addition);

        /**
         * @param sentence what is kept instead of the addition
         * @param ofPod whether a value of the Pod is kept, and not one of another profile
         */
        void kept(Chosen chosen, String sentence, boolean ofPod);
    }

    /** The value that a profile renders for a place. */
    record RenderedValue(Chosen chosen, JsonNode value) {}

    private final PodEdit edit;
    private final Pod pod;
    private final PodSpecStatus status;

    public PodSpecEdits(PodEdit edit) {
        this.edit = edit;
        this.pod = edit.pod();
        this.status = new PodSpecStatus(edit);
    }

    /** Adds what the profiles render for these fields, field by field. */
    public void add(List<RenderedProfile> rendered, Outcomes outcomes) {
        List<RenderedProfile> adding =
                rendered.stream().filter(each -> each.profile().addsToSpec()).toList();
        if (adding.isEmpty()) {
            return;
        }
        for (PodSpecPlace place : PodSpecPlace.ALL) {
            List<RenderedValue> values = new ArrayList<>();
            for (RenderedProfile each : adding) {
                JsonNode value = place.in(each);
                if (!isEmpty(value)) {
                    values.add(new RenderedValue(each.chosen(), value));
                }
            }
            if (!values.isEmpty()) {
                add(place, values, outcomes);
            }
        }
    }

    private void add(PodSpecPlace place, List<RenderedValue> values, Outcomes outcomes) {
        switch (place.rule()) {
            case Rule.IfAbsent rule ->
                values.forEach(
                        each -> set(each.chosen(), place, rule, place.pointer(), place.name(), each.value(), outcomes));
            case Rule.Longer(long byDefault) -> setLongest(place, byDefault, values, outcomes);
            case Rule.Entries() ->
                values.forEach(each -> each.value()
                        .properties()
                        .forEach(entry -> set(
                                each.chosen(),
                                place,
                                new Rule.IfAbsent(Set.of(), List.of()),
                                place.pointer().child(entry.getKey()),
                                place.name() + " " + entry.getKey(),
                                entry.getValue(),
                                outcomes)));
            case Rule.Elements rule -> {
                PodSpecElements elements = new PodSpecElements(edit, place, rule, outcomes);
                values.forEach(each -> each.value().forEach(element -> elements.append(each.chosen(), element)));
            }
            case Rule.NodeRequirements() -> new NodeAffinityEdits(edit, place, outcomes).add(values);
        }
    }

    private static boolean isEmpty(JsonNode value) {
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
                outcomes.kept(
                        chosen,
                        "its " + name + " " + shown(value) + " is not added, because another profile takes precedence",
                        false);
            }
            return;
        }
        JsonNode present = pointer.in(pod.tree());
        String conflicting = place.conflictingField(pod);
        if (SpecValue.same(present, value)) {
            status.keepListed(pointer, present);
            rule.derived().forEach(derived -> status.keepDerivedListed(pointer, PodSpecPlace.spec(derived)));
        } else if (!isUnset(present) && !rule.defaults().contains(present.asText())) {
            outcomes.kept(chosen, "the Pod keeps its own " + name + " " + shown(present), true);
        } else if (!conflicting.isEmpty()) {
            outcomes.kept(
                    chosen,
                    "the Pod keeps its own " + conflicting + " " + shown(pod.spec(conflicting)) + ", which excludes "
                            + name + " " + shown(value),
                    true);
        } else {
            status.put(pointer, value);
            for (String derived : rule.derived()) {
                if (!pod.spec(derived).isMissingNode()) {
                    status.put(PodSpecPlace.spec(derived), NullNode.getInstance());
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

    /** Sets the longest of all values. */
    private void setLongest(PodSpecPlace place, long byDefault, List<RenderedValue> values, Outcomes outcomes) {
        RenderedValue longest = values.stream()
                .reduce((one, other) -> other.value().asLong() > one.value().asLong() ? other : one)
                .orElseThrow();
        JsonNode present = place.pointer().in(pod.tree());
        long now = isUnset(present) ? byDefault : present.asLong();
        if (longest.value().asLong() > now) {
            status.put(place.pointer(), longest.value());
            outcomes.added(longest.chosen(), place.name() + " " + longest.value());
        } else if (longest.value().asLong() == now) {
            status.keepListed(place.pointer(), present);
        }
    }

    /** The name of a place in the status, as {@code spec.dnsConfig}. */
    public static String placeOf(Pointer pointer) {
        return String.join(".", pointer.steps());
    }

    static String shown(JsonNode value) {
        return Excerpt.of(value.isTextual() ? value.textValue() : value.toString());
    }
}
