package dev.pillion.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Workload;
import dev.pillion.yaml.Document;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One document of an input.
 *
 * @param index of the document in the text
 */
public record Manifest(InputText input, int index) {

    /** The file, as the user named it. */
    public String source() {
        return input.source();
    }

    Document document() {
        return input.documents().get(index);
    }

    public JsonNode tree() {
        return document().tree();
    }

    /** The Pods and Pod templates in it: its own, or those of a list's items. */
    public List<PlacedWorkload> workloads() {
        return objects().stream()
                .flatMap(object -> Workload.in(object.tree(), object.apiVersion(), object.kind()).stream()
                        .map(workload -> new PlacedWorkload(this, object.place(), workload)))
                .toList();
    }

    /** The objects in it: itself, or the items of a list. */
    public List<PlacedObject> objects() {
        JsonNode tree = tree();
        return objects(new PlacedObject(
                        Pointer.root(),
                        tree,
                        tree.path("apiVersion").asText(),
                        tree.path("kind").asText()))
                .toList();
    }

    private static Stream<PlacedObject> objects(PlacedObject object) {
        String field = isTemplate(object) ? "objects" : isList(object.tree()) ? "items" : "";
        if (field.isEmpty()) {
            return Stream.of(object);
        }
        Pointer items = object.place().child(field);
        JsonNode list = object.tree().path(field);
        return IntStream.range(0, list.size())
                .boxed()
                .flatMap(index -> objects(item(object, items.child(index), list.get(index))));
    }

    /** The API server leaves kind and version out of the items of a typed list. */
    private static PlacedObject item(PlacedObject list, Pointer place, JsonNode item) {
        String kind = list.kind().substring(0, Math.max(0, list.kind().length() - "List".length()));
        return new PlacedObject(
                place,
                item,
                item.path("apiVersion").asText(list.apiVersion()),
                item.path("kind").asText(kind));
    }

    /** OpenShift's, which holds objects and parameters for them. */
    private static boolean isTemplate(PlacedObject object) {
        return object.kind().equals("Template")
                && object.apiVersion().startsWith("template.openshift.io/")
                && object.tree().path("objects").isArray();
    }

    /**
     * An object where it stands.
     *
     * @param apiVersion its own or its list's
     * @param kind likewise
     */
    public record PlacedObject(Pointer place, JsonNode tree, String apiVersion, String kind) {}

    /** {@code List}, and the typed ones as {@code DeploymentList}. */
    public static boolean isList(JsonNode tree) {
        return tree.path("kind").asText().endsWith("List") && tree.path("items").isArray();
    }
}
