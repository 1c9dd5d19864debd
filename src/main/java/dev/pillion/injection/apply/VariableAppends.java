package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.AppendedText;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Appends texts to variables of the app's containers, in the order of the plan. It collects all texts of a variable first, so that the patch
 * has one operation for each variable, and so that it is known which profiles set the variable.
 */
final class VariableAppends {

    private final PodEdit edit;
    private final AppEdits apps;
    private final Map<Container, Map<String, List<Append>>> collected = new IdentityHashMap<>();
    private final List<Container> order = new ArrayList<>();

    VariableAppends(PodEdit edit, AppEdits apps) {
        this.edit = edit;
        this.apps = apps;
    }

    private record Append(Chosen chosen, AppendedText text) {}

    void add(Chosen chosen, Container container, String variable, AppendedText text) {
        if (!collected.containsKey(container)) {
            order.add(container);
        }
        collected
                .computeIfAbsent(container, key -> new LinkedHashMap<>())
                .computeIfAbsent(variable, key -> new ArrayList<>())
                .add(new Append(chosen, text));
    }

    /** @param lines receives a line for each text that is appended, with its profile */
    void apply(BiConsumer<Chosen, String> lines) {
        for (Container container : order) {
            collected
                    .getOrDefault(container, Map.of())
                    .forEach((name, appends) -> apply(container, name, appends, lines));
        }
    }

    /** A profile that the Pod requests does not change the value of a variable that a policy enforces. */
    private List<Append> allowed(Container container, String name, List<Append> appends) {
        Optional<Chosen> setter = apps.setter(container, name).filter(Chosen::enforced);
        List<Append> allowed = new ArrayList<>();
        for (Append append : appends) {
            if (setter.isEmpty() || append.chosen().enforced()) {
                allowed.add(append);
            } else {
                warnNotAppended(append, container, name, setter.get(), "sets its value");
            }
        }
        return allowed;
    }

    /**
     * A program splits a value at one separator. With a second one, the texts would be joined to one that no profile means, and no later pass would
     * find them. The separator of an enforced profile takes precedence.
     */
    private List<Append> withOneSeparator(Container container, String name, List<Append> appends) {
        if (appends.isEmpty()) {
            return appends;
        }
        Append first = appends.stream()
                .filter(append -> append.chosen().enforced())
                .findFirst()
                .orElseGet(appends::getFirst);
        List<Append> same = new ArrayList<>();
        for (Append append : appends) {
            if (append.text().separator().equals(first.text().separator())) {
                same.add(append);
            } else {
                warnNotAppended(append, container, name, first.chosen(), "appends to it with another separator");
            }
        }
        return same;
    }

    private void warnNotAppended(Append append, Container container, String name, Chosen other, String what) {
        edit.keep(
                ReasonCode.ENV_CONFLICT,
                append.chosen()
                        .request()
                        .but("nothing is appended to " + Excerpt.of(name) + " of container " + container.name()
                                + ", because " + other.request() + ", which " + what));
    }

    private void apply(Container container, String name, List<Append> all, BiConsumer<Chosen, String> lines) {
        List<Append> appends = withOneSeparator(container, name, allowed(container, name, all));
        if (appends.isEmpty()) {
            return;
        }
        int index = indexOf(name, container);
        Optional<ObjectNode> added = apps.added(container, name);
        if (index < 0 && added.isEmpty()) {
            String value = "";
            for (Append append : appends) {
                value = append.text().isIn(value) ? value : append.text().appendedTo(value);
                lines.accept(append.chosen(), line(name, container));
            }
            ObjectNode variable =
                    JsonNodeFactory.instance.objectNode().put("name", name).put("value", value);
            apps.addVariable(appends.getFirst().chosen(), container, variable);
            return;
        }
        JsonNode present =
                index < 0 ? added.orElseThrow() : container.tree().path("env").path(index);
        if (present.has("valueFrom")) {
            appends.forEach(append -> edit.keep(
                    ReasonCode.ENV_CONFLICT,
                    append.chosen()
                            .request()
                            .but("container " + container.name() + " sets " + Excerpt.of(name)
                                    + " by valueFrom, and nothing can be appended to that")));
            return;
        }
        String before = present.path("value").asText("");
        String value = before;
        for (Append append : appends) {
            value = append(append, container, name, present, value, lines);
        }
        if (added.isPresent()) {
            added.get().put("value", value);
        } else if (!value.equals(before)) {
            apps.setValue(container, index, value);
        }
    }

    /** The value with the text appended. If the value contains the text already, the text is listed only if an earlier pass appended it. */
    private String append(
            Append append,
            Container container,
            String name,
            JsonNode present,
            String value,
            BiConsumer<Chosen, String> lines) {
        boolean addedByPillion = apps.added(container, name).isPresent() || apps.keepListed(container, name);
        List<AppendedText> earlier = edit.earlier()
                .appended()
                .getOrDefault(container.name(), Map.of())
                .getOrDefault(name, List.of());
        if (append.text().isIn(value)) {
            earlier.stream()
                    .filter(each -> each.text().equals(append.text().text()))
                    .findFirst()
                    .ifPresent(each -> list(container, name, each));
            return value;
        }
        if (!addedByPillion) {
            boolean absent = earlier.isEmpty()
                    ? append.text().to(present).valueAbsent()
                    : earlier.getFirst().valueAbsent();
            list(
                    container,
                    name,
                    new AppendedText(append.text().text(), append.text().separator(), absent));
        }
        lines.accept(append.chosen(), line(name, container) + " (appended)");
        return append.text().appendedTo(value);
    }

    private void list(Container container, String name, AppendedText text) {
        edit.status()
                .appended
                .computeIfAbsent(container.name(), key -> new LinkedHashMap<>())
                .computeIfAbsent(name, key -> new ArrayList<>())
                .add(text);
    }

    private static String line(String name, Container container) {
        return "env " + name + " in " + container.name();
    }

    /** The last variable of a name is the one that takes effect. */
    private static int indexOf(String name, Container container) {
        JsonNode env = container.tree().path("env");
        for (int index = env.size() - 1; index >= 0; index--) {
            if (env.path(index).path("name").asText().equals(name)) {
                return index;
            }
        }
        return -1;
    }
}
