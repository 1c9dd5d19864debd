package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A profile or a policy in a file: a document, or an item of a {@code List} as {@code kubectl get -o yaml} prints it. The fields that the API
 * server and kubectl write are left out.
 *
 * @param document with paths from the profile or policy
 * @param place the prefix of these paths in the file: {@code items[2].}, or empty
 */
public record CatalogDocument(Document document, String place) {

    private static final String LIST = "List";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /** Reads all documents of a file. A value that is no map, or a list without items, is a document that no reader accepts. */
    public static List<CatalogDocument> in(String text) throws YamlException {
        List<CatalogDocument> documents = new ArrayList<>();
        for (Document document : YamlReader.read(text, ResourceLimits.NODES_OF_FILE)) {
            JsonNode items = document.tree().path("items");
            if (kind(document.tree()).endsWith(LIST) && items.isArray()) {
                for (int index = 0; index < items.size(); index++) {
                    documents.add(item(document, index));
                }
            } else {
                documents.add(new CatalogDocument(withoutServerFields(document), ""));
            }
        }
        return documents;
    }

    /** The problem with its path in the file. */
    Problem inFile(Problem problem) {
        return place.isEmpty()
                ? problem
                : new Problem(problem.file(), problem.line(), place(problem.path()), problem.message(), problem.part());
    }

    private String place(String path) {
        return path.isEmpty() ? place.substring(0, place.length() - 1) : place + path;
    }

    private static CatalogDocument item(Document list, int index) {
        String path = "items[" + index + "]";
        JsonNode tree = list.tree().path("items").get(index);
        String kind = kind(list.tree());
        if (tree instanceof ObjectNode item && !kind.equals(LIST) && !item.has("kind")) {
            item.put("kind", kind.substring(0, kind.length() - LIST.length()));
            item.set("apiVersion", list.tree().path("apiVersion"));
        }
        Map<String, Integer> lines = new HashMap<>();
        lines.put("", list.line(path));
        list.lines().forEach((place, line) -> {
            if (place.startsWith(path + ".")) {
                lines.put(place.substring(path.length() + 1), line);
            }
        });
        return new CatalogDocument(withoutServerFields(new Document(tree, lines)), path + ".");
    }

    private static String kind(JsonNode tree) {
        return tree.path("kind").asText();
    }

    private static Document withoutServerFields(Document document) {
        if (document.tree() instanceof ObjectNode tree) {
            tree.remove("status");
            if (tree.path("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
                if (metadata.path("annotations") instanceof ObjectNode annotations) {
                    annotations.remove(LAST_APPLIED);
                }
            }
        }
        return document;
    }
}
