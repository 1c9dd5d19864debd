package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes all single mistakes in a valid file that its JSON Schema suggests. */
public final class Mistakes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern EXPRESSION = Pattern.compile("(?<!\\$)\\$\\{");
    private static final Pattern PARAMETER = Pattern.compile("params\\.([a-zA-Z]+)");
    private static final List<JsonNode> VALUES = List.of(
            NODES.numberNode(42),
            NODES.booleanNode(true),
            NODES.textNode("many words"),
            NODES.objectNode().put("a", "b"),
            NODES.arrayNode().add("x"));
    /** Lists whose elements have names that are to differ. */
    private static final Set<String> NAMED = Set.of("parameters", "volumes", "matchConditions", "profiles");

    private final JsonNode file;
    private final ObjectNode schema;
    private final List<Mistake> mistakes = new ArrayList<>();

    private Mistakes(JsonNode file, ObjectNode schema) {
        this.file = file;
        this.schema = schema;
    }

    public static List<Mistake> in(JsonNode file, ObjectNode schema) {
        Mistakes mistakes = new Mistakes(file, schema);
        mistakes.find(file, schema, "", "");
        return mistakes.mistakes;
    }

    private void find(JsonNode node, JsonNode known, String path, String pointer) {
        JsonNode here = resolved(known);
        findWrongTypes(node, known, path, pointer);
        switch (node) {
            case ObjectNode map -> {
                findMissingAndMisspelt(map, here, path, pointer);
                map.properties().forEach(field -> {
                    JsonNode below = here.path("properties").has(field.getKey())
                            ? here.path("properties").path(field.getKey())
                            : here.path("additionalProperties");
                    find(
                            field.getValue(),
                            below,
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                            pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"));
                });
            }
            case ArrayNode list -> {
                findDoubles(list, path, pointer);
                for (int index = 0; index < list.size(); index++) {
                    find(list.get(index), here.path("items"), path + "[" + index + "]", pointer + "/" + index);
                }
            }
            case TextNode text -> findInText(text.textValue(), here, path, pointer);
            default -> {}
        }
    }

    private void findWrongTypes(JsonNode node, JsonNode known, String path, String pointer) {
        if (path.isEmpty() || known.isMissingNode() || known.isBoolean()) {
            return;
        }
        ObjectNode alone = known.deepCopy();
        alone.set("definitions", schema.path("definitions"));
        Predicate<JsonNode> takes = CatalogSchemaTest.takes(alone);
        for (JsonNode value : VALUES) {
            if (value.getNodeType() != node.getNodeType() && !takes.test(value)) {
                replaced("a wrong type", path, pointer, value, "");
            }
        }
    }

    private void findMissingAndMisspelt(ObjectNode map, JsonNode known, String path, String pointer) {
        boolean closed = known.path("additionalProperties").isBoolean()
                && !known.path("additionalProperties").asBoolean();
        for (String field : map.properties().stream().map(Map.Entry::getKey).toList()) {
            String place = path.isEmpty() ? field : path + "." + field;
            boolean required = known.path("required").valueStream().anyMatch(name -> name.asText()
                    .equals(field));
            if (required) {
                changed(
                        "a missing field",
                        place,
                        pointer,
                        (owner, key) -> at(owner, key).remove(field),
                        "");
            }
            if (closed) {
                String misspelt = misspelt(field);
                String expected = path.isEmpty() ? misspelt : path + "." + misspelt;
                changed(
                        "a misspelt field",
                        expected,
                        pointer,
                        (owner, key) -> rename(at(owner, key), field, misspelt),
                        field);
            }
            if (path.matches("spec\\.profiles\\[\\d+]\\.parameters")) {
                String misspelt = misspelt(field);
                changed(
                        "an unknown parameter",
                        path + "." + misspelt,
                        pointer,
                        (owner, key) -> rename(at(owner, key), field, misspelt),
                        field);
            }
        }
    }

    private void findDoubles(ArrayNode list, String path, String pointer) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        if (!list.isEmpty() && NAMED.contains(name) && path.matches("spec\\.(match\\.)?" + name)) {
            changed(
                    "a name that stands twice",
                    path + "[" + list.size() + "].name",
                    pointer,
                    (owner, key) -> {
                        ArrayNode copy = (ArrayNode) owner.at(key);
                        copy.add(copy.get(0).deepCopy());
                    },
                    list.path(0).path("name").asText());
        }
    }

    private void findInText(String text, JsonNode known, String path, String pointer) {
        if (known.has("enum")) {
            replaced("an unknown word", path, pointer, TextNode.valueOf(misspelt(text)), text);
        }
        if (path.matches("spec\\.profiles\\[\\d+]\\.name")) {
            replaced("an unknown profile", path, pointer, TextNode.valueOf(misspelt(text)), text);
        }
        if (path.equals("metadata.name")) {
            replaced("a name in capitals", path, pointer, TextNode.valueOf(text.toUpperCase(Locale.ROOT)), "");
        }
        boolean bare = path.endsWith(".expression");
        if (bare) {
            replaced("an expression that ends too early", path, pointer, TextNode.valueOf(text + " &&"), "");
            replaced("an expression in braces", path, pointer, TextNode.valueOf("${" + text + "}"), text);
        }
        if (path.endsWith("description") || path.endsWith("message")) {
            return;
        }
        Matcher braces = EXPRESSION.matcher(text);
        if (braces.find()) {
            replaced("a broken expression", path, pointer, TextNode.valueOf(braces.replaceFirst("\\${)")), "");
            replaced("an expression that is not closed", path, pointer, TextNode.valueOf(text + "${"), "");
        }
        Matcher parameter = PARAMETER.matcher(text);
        if ((bare || braces.reset().find()) && parameter.find()) {
            String misspelt = "params." + misspelt(parameter.group(1));
            replaced(
                    "an expression over an unknown parameter",
                    path,
                    pointer,
                    TextNode.valueOf(parameter.replaceFirst(misspelt)),
                    parameter.group(1));
        }
    }

    private void replaced(String kind, String path, String pointer, JsonNode value, String hint) {
        changed(
                kind,
                path,
                pointer,
                (root, place) -> {
                    int slash = place.lastIndexOf('/');
                    String last = place.substring(slash + 1).replace("~1", "/").replace("~0", "~");
                    switch (root.at(place.substring(0, slash))) {
                        case ObjectNode map -> map.set(last, value);
                        case ArrayNode list -> list.set(Integer.parseInt(last), value);
                        default -> throw new AssertionError(place);
                    }
                },
                hint);
    }

    private void changed(String kind, String path, String pointer, BiConsumer<JsonNode, String> change, String hint) {
        JsonNode copy = file.deepCopy();
        change.accept(copy, pointer);
        mistakes.add(new Mistake(kind, path, copy, hint));
    }

    private static ObjectNode at(JsonNode root, String pointer) {
        return (ObjectNode) root.at(pointer);
    }

    private static void rename(ObjectNode map, String field, String other) {
        ObjectNode copy = map.deepCopy();
        map.removeAll();
        copy.properties()
                .forEach(entry -> map.set(entry.getKey().equals(field) ? other : entry.getKey(), entry.getValue()));
    }

    /** With its middle letter twice. */
    private static String misspelt(String word) {
        int middle = word.length() / 2;
        return word.substring(0, middle) + word.charAt(middle) + word.substring(middle);
    }

    /** The schema of maps, lists and texts, without the alternative for expressions. */
    private JsonNode resolved(JsonNode known) {
        JsonNode choices = known.has("anyOf") && !known.has("properties") ? known.path("anyOf") : known.path("allOf");
        JsonNode one = known.has("properties") || choices.isEmpty() ? known : choices.path(0);
        return Optional.of(one.path("$ref").asText(""))
                .filter(reference -> !reference.isEmpty())
                .map(reference -> schema.at(reference.substring(1)))
                .orElse(one);
    }
}
