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
 * @param index the index of the document in the text
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

    /** The workloads of the document or, for a list, of its items. */
    public List<PlacedWorkload> workloads() {
        return objects().stream()
                .flatMap(object -> Workload.in(object.tree(), object.apiVersion(), object.kind()).stream()
                        .map(workload -> new PlacedWorkload(this, object.pointer(), workload)))
                .toList();
    }

    /** The object or, for a list, its items. */
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
        Pointer items = object.pointer().child(field);
        JsonNode list = object.tree().path(field);
        return IntStream.range(0, list.size())
                .boxed()
                .flatMap(index -> objects(item(object, items.child(index), list.get(index))));
    }

    /** The items of a typed list have no kind and version in responses of the API server. */
    private static PlacedObject item(PlacedObject list, Pointer pointer, JsonNode item) {
        String kind = list.kind().substring(0, Math.max(0, list.kind().length() - "List".length()));
        return new PlacedObject(
                pointer,
                item,
                item.path("apiVersion").asText(list.apiVersion()),
                item.path("kind").asText(kind));
    }

    /** An OpenShift template, which has objects and parameters. */
    private static boolean isTemplate(PlacedObject object) {
        return object.kind().equals("Template")
                && object.apiVersion().startsWith("template.openshift.io/")
                && object.tree().path("objects").isArray();
    }

    /**
     * An object and its pointer in the document.
     *
     * @param apiVersion of the object or of its list
     * @param kind of the object or of its list
     */
    public record PlacedObject(Pointer pointer, JsonNode tree, String apiVersion, String kind) {}

    /** Whether the tree is a {@code List} or a typed list such as {@code DeploymentList}. */
    public static boolean isList(JsonNode tree) {
        return tree.path("kind").asText().endsWith("List") && tree.path("items").isArray();
    }
}
