package dev.pillion.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.patch.Pointer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Builds the CEL expression of a {@code JSONPatch} mutation (admissionregistration.k8s.io/v1): a list of operations with conditions.
 * {@code ApplyConfiguration} is not possible, because it cannot set atomic lists such as {@code command} and {@code args}.
 */
final class JsonPatchExpression {

    private final String apps;
    private final List<String> terms = new ArrayList<>();
    private final Set<String> made = new HashSet<>();

    /** @param apps the expression for the list of the app's containers */
    JsonPatchExpression(String apps) {
        this.apps = apps;
    }

    String text() {
        return String.join("\n+ ", terms);
    }

    /** Adds an element to the start or the end of a list of the Pod's spec, unless the list has one with its name. */
    void addNamed(String list, JsonNode element, boolean first) {
        make("object.spec", list, "/spec/", "[]");
        terms.add("(object.spec.?" + list + ".orValue([]).exists(e, e.name == "
                + CelLiteral.of(element.path("name").asText()) + ") ? [] : ["
                + add(CelLiteral.of("/spec/" + list + (first ? "/0" : "/-")), CelLiteral.of(element)) + "])");
    }

    /** Adds a label or an annotation, unless the key is present. */
    void addMetadata(String map, String key, String value) {
        addMetadata(map, key, CelLiteral.of(value), "!(" + CelLiteral.of(key) + " in " + metadata(map) + ")");
    }

    /** Adds the annotation with the default container for {@code kubectl exec} if the Pod has one container. */
    void nameDefaultContainer(String key) {
        addMetadata(
                "annotations",
                key,
                "object.spec.containers[0].name",
                "object.spec.containers.size() == 1 && !(" + CelLiteral.of(key) + " in " + metadata("annotations")
                        + ")");
    }

    /** Adds to an annotation that is a list of names. */
    void appendToAnnotation(String key, String names) {
        String value = metadata("annotations") + "[?" + CelLiteral.of(key) + "].optMap(v, v + \",\").orValue(\"\") + "
                + CelLiteral.of(names);
        make("object.metadata", "annotations", "/metadata/", "{}");
        terms.add("[" + add(metadataPath("annotations", key), value) + "]");
    }

    private void addMetadata(String map, String key, String value, String condition) {
        make("object.metadata", map, "/metadata/", "{}");
        terms.add("(" + condition + " ? [" + add(metadataPath(map, key), value) + "] : [])");
    }

    private static String metadataPath(String map, String key) {
        return CelLiteral.of(Pointer.of("metadata", map, key).toString());
    }

    private static String metadata(String map) {
        return "object.metadata.?" + map + ".orValue({})";
    }

    /**
     * Adds an element to a list of each of the app's containers.
     *
     * @param key the field that identifies an element which the container already has
     */
    void addToApps(String list, String key, JsonNode element) {
        String pointer = "\"/spec/containers/\" + string(object.spec.containers.indexOf(c)) + ";
        if (made.add("app " + list)) {
            terms.add(apps + ".filter(c, !has(c." + list + ")).map(c, " + add(pointer + CelLiteral.of("/" + list), "[]")
                    + ")");
        }
        String present = key.isEmpty()
                ? "e == " + CelLiteral.of(element)
                : "e." + key + " == " + CelLiteral.of(element.path(key).asText());
        terms.add(apps + ".filter(c, !c.?" + list + ".orValue([]).exists(e, " + present + ")).map(c, "
                + add(pointer + CelLiteral.of("/" + list + "/-"), CelLiteral.of(element)) + ")");
    }

    /** Creates an absent list or map before the first addition to it. */
    private void make(String owner, String field, String path, String empty) {
        if (made.add(path + field)) {
            terms.add("(has(" + owner + "." + field + ") ? [] : [" + add(CelLiteral.of(path + field), empty) + "])");
        }
    }

    private static String add(String path, String value) {
        return "JSONPatch{op: \"add\", path: " + path + ", value: " + value + "}";
    }
}
