package dev.pillion.cli;

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
 * @param source the file, as the user named it
 */
record Manifest(String source, Document document) {

    JsonNode tree() {
        return document.tree();
    }

    /** The Pods and Pod templates in it: its own, or those of a {@code List}'s items. */
    List<PlacedWorkload> workloads() {
        return workloads(tree(), Pointer.root()).toList();
    }

    private Stream<PlacedWorkload> workloads(JsonNode tree, Pointer place) {
        if (isList(tree)) {
            Pointer items = place.child("items");
            return IntStream.range(0, tree.path("items").size())
                    .boxed()
                    .flatMap(index -> workloads(tree.path("items").get(index), items.child(index)));
        }
        return Workload.of(tree).map(workload -> new PlacedWorkload(this, place, workload)).stream();
    }

    /** {@code List}, and the typed ones as {@code DeploymentList}. */
    static boolean isList(JsonNode tree) {
        return tree.path("kind").asText().endsWith("List") && tree.path("items").isArray();
    }
}
