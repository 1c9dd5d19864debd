package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class Manifests {

    private Manifests() {}

    static JsonNode tree(String yaml) {
        try {
            return YamlReader.read(yaml).getFirst().tree();
        } catch (YamlException e) {
            throw new AssertionError(e.line() + ": " + e.getMessage(), e);
        }
    }

    /** Puts a value in the place of one of the tree's fields or elements. */
    static void replaceSomething(JsonNode tree, Random random, JsonNode value) {
        List<Runnable> places = new ArrayList<>();
        collect(tree, value, places);
        places.get(random.nextInt(places.size())).run();
    }

    private static void collect(JsonNode tree, JsonNode value, List<Runnable> places) {
        switch (tree) {
            case ObjectNode map ->
                map.properties().forEach(field -> {
                    places.add(() -> map.set(field.getKey(), value));
                    collect(field.getValue(), value, places);
                });
            case ArrayNode list -> {
                for (int index = 0; index < list.size(); index++) {
                    int at = index;
                    places.add(() -> list.set(at, value));
                    collect(list.get(index), value, places);
                }
            }
            default -> {}
        }
    }
}
