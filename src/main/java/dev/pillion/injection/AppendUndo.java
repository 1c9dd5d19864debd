package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Removes from the values of the app's variables what was appended to them, whatever others have changed in the rest. */
final class AppendUndo {

    private final UndoEdit edit;
    private final Removable removable;

    AppendUndo(UndoEdit edit, Removable removable) {
        this.edit = edit;
        this.removable = removable;
    }

    /** @param env the list of the container's variables */
    void restore(Container container, Pointer env) {
        Map<String, List<AppendedText>> appended = edit.status().appended.getOrDefault(container.name(), Map.of());
        appended.forEach((name, texts) -> {
            // A variable that is removed as a whole takes its texts along.
            if (!edit.status().env.getOrDefault(container.name(), Set.of()).contains(name)) {
                restore(container, env, name, texts);
            }
        });
    }

    private void restore(Container container, Pointer env, String name, List<AppendedText> texts) {
        int index = indexOf(name, edit.at(env));
        if (index < 0 || texts.isEmpty()) {
            return;
        }
        Pointer variable = env.child(index);
        String before = edit.at(variable.child("value")).asText("");
        String value = before;
        List<AppendedText> kept = new ArrayList<>();
        for (AppendedText text : texts.reversed()) {
            Optional<String> obstacle = text.isIn(value)
                    ? removable.variable(container, name)
                    : Optional.of("its value does not have the text any more");
            boolean removed = edit.removes(
                    "what was appended to variable " + name + " of container " + container.name(),
                    obstacle,
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

    private static int indexOf(String name, JsonNode env) {
        for (int index = env.size() - 1; index >= 0; index--) {
            if (env.path(index).path("name").asText().equals(name)) {
                return index;
            }
        }
        return -1;
    }
}
