package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.AppendedText;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Removes appended texts from the values of the app's variables. Other changes to the values stay. */
final class AppendUndo {

    /** The maximum number of characters that are searched for one variable, since anyone can write a status with many texts. */
    private static final long MAX_SEARCHED = 4_000_000;

    private final UndoEdit edit;
    private final Removable removable;

    AppendUndo(UndoEdit edit, Removable removable) {
        this.edit = edit;
        this.removable = removable;
    }

    /** @param env the list of the container's variables */
    void restore(Container container, Pointer env) {
        Map<String, List<AppendedText>> appended = edit.status().appended().getOrDefault(container.name(), Map.of());
        Map<String, Integer> indices = appended.isEmpty() ? Map.of() : indices(edit.at(env));
        appended.forEach((name, texts) -> {
            // The texts of a variable that is removed are removed with it.
            if (!edit.status().env().getOrDefault(container.name(), Set.of()).contains(name)) {
                restore(container, env, name, indices.getOrDefault(name, -1), texts);
            }
        });
    }

    private void restore(Container container, Pointer env, String name, int index, List<AppendedText> texts) {
        if (index < 0 || texts.isEmpty()) {
            return;
        }
        Pointer variable = env.child(index);
        String before = edit.at(variable.child("value")).asText("");
        String value = before;
        boolean searchable = (long) before.length() * texts.size() <= MAX_SEARCHED;
        List<AppendedText> kept = new ArrayList<>();
        for (AppendedText text : texts.reversed()) {
            Optional<String> reason = searchable && text.isIn(value)
                    ? removable.variable(container, name)
                    : Optional.of(
                            searchable
                                    ? "its value no longer contains the text"
                                    : "its value is too long to look for so many texts in it");
            boolean removed = edit.removes(
                    "what was appended to variable " + name + " of container " + container.name(),
                    reason,
                    () -> kept.addFirst(text));
            value = removed ? text.removedFrom(value) : value;
        }
        if (!kept.isEmpty()) {
            edit.left()
                    .appended
                    .computeIfAbsent(container.name(), key -> new LinkedHashMap<>())
                    .put(name, kept);
        }
        if (value.equals(before)) {
            return;
        }
        if (value.isEmpty() && texts.getFirst().valueAbsent()) {
            edit.removeFields(variable, Set.of("value"), "");
        } else {
            edit.replace(variable.child("value"), value);
        }
    }

    /** The last variable of a name is the one that takes effect. */
    private static Map<String, Integer> indices(JsonNode env) {
        Map<String, Integer> indices = new HashMap<>();
        for (int index = 0; index < env.size(); index++) {
            indices.put(env.path(index).path("name").asText(), index);
        }
        return indices;
    }
}
