package dev.pillion.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.patch.PatchBuilder.Before;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The operations apply to random documents, and the result is the same as that of direct changes. */
class PatchBuilderPropertyTest {

    @Test
    void givesTheSameResultAsDirectChanges() {
        Seeds.each(400, random -> {
            // given
            ObjectNode document = RandomTree.map(random, 4);
            String written = document.toString();
            Changes changes = new Changes(document, random);

            // when
            int times = random.nextInt(12);
            for (int time = 0; time < times; time++) {
                changes.any();
            }
            Patch patch = changes.builder.build();

            // then
            assertThat(Documents.patched(patch, document))
                    .as("%s patched by %s", document, patch.toJson())
                    .isEqualTo(Documents.plain(changes.direct.toString()));
            assertThat(document).as("the document is unchanged").hasToString(written);
            assertThat(patch.operations()).as("operations").hasSizeLessThanOrEqualTo(times);
            assertThat(changes.builder.created()).isEqualTo(changes.created);
        });
    }

    @Test
    void appliesToADocumentInsideAnother() {
        Seeds.each(150, random -> {
            // given
            ObjectNode document = RandomTree.map(random, 4);
            Changes changes = new Changes(document, random);
            for (int time = 0; time < 5; time++) {
                changes.any();
            }
            String field = RandomTree.text(random);
            ObjectNode outer = JsonNodeFactory.instance.objectNode();
            outer.putArray(field).add("other").add(document);

            // when
            Patch below = changes.builder.build().below(Pointer.of(field).child(1));

            // then
            assertThat(Documents.patched(below, outer).path(field).path(1))
                    .isEqualTo(Documents.plain(changes.direct.toString()));
            assertThat(Documents.patched(below, outer).path(field).path(0).textValue())
                    .isEqualTo("other");
        });
    }

    /** The same random changes by the builder and directly in a copy of the document. */
    private static final class Changes {

        private final Random random;
        private final JsonNode document;
        private final ObjectNode direct;
        private final PatchBuilder builder;
        private final Map<Pointer, Before> created = new HashMap<>();
        private final Set<Pointer> inserted = new HashSet<>();
        private final Set<Pointer> given = new HashSet<>();

        Changes(ObjectNode document, Random random) {
            this.document = document;
            this.direct = document.deepCopy();
            this.builder = new PatchBuilder(document);
            this.random = random;
        }

        void any() {
            JsonNode value = RandomTree.value(random, 2);
            switch (random.nextInt(4)) {
                case 0 ->
                    place(ArrayNode.class).ifPresent(list -> {
                        builder.append(list, value.deepCopy());
                        ((ArrayNode) directly(list, JsonNodeFactory.instance.arrayNode())).add(value);
                    });
                case 1 ->
                    place(ArrayNode.class).ifPresent(list -> {
                        ArrayNode present = (ArrayNode) directly(list, JsonNodeFactory.instance.arrayNode());
                        int index = random.nextInt(present.size() + 1);
                        builder.insert(list, index, value.deepCopy());
                        present.insert(index, value);
                        inserted.add(list);
                    });
                case 2 ->
                    place(ObjectNode.class).ifPresent(map -> {
                        String field = RandomTree.text(random);
                        builder.put(map, field, value.deepCopy());
                        ((ObjectNode) directly(map, JsonNodeFactory.instance.objectNode())).set(field, value);
                        forget(map.child(field));
                    });
                default ->
                    place(ObjectNode.class).ifPresent(map -> {
                        builder.ensureMap(map);
                        directly(map, JsonNodeFactory.instance.objectNode());
                    });
            }
        }

        /** A value that was put as a whole is not changed later. */
        private void forget(Pointer pointer) {
            given.add(pointer);
        }

        /** Where a list or map is, or could be: in the document, or at an absent or empty field of a map there. */
        private java.util.Optional<Pointer> place(Class<? extends ContainerNode<?>> kind) {
            List<Pointer> places = new ArrayList<>();
            collect(Pointer.root(), direct, kind, places);
            return places.isEmpty()
                    ? java.util.Optional.empty()
                    : java.util.Optional.of(places.get(random.nextInt(places.size())));
        }

        private void collect(Pointer at, JsonNode node, Class<? extends ContainerNode<?>> kind, List<Pointer> places) {
            if (given.contains(at)) {
                return;
            }
            if (kind.isInstance(node)) {
                places.add(at);
            }
            switch (node) {
                case ObjectNode map -> {
                    map.properties().forEach(field -> {
                        Pointer below = at.child(field.getKey());
                        if (field.getValue().isNull() && !given.contains(below)) {
                            places.add(below);
                        }
                        collect(below, field.getValue(), kind, places);
                    });
                    if (random.nextInt(3) == 0) {
                        absent(at, map, places);
                    }
                }
                case ArrayNode list -> {
                    for (int index = 0; index < ownElements(at); index++) {
                        collect(at.child(index), list.get(index), kind, places);
                    }
                }
                default -> {}
            }
        }

        /** How many elements of a list are where they were in the document: the builder's contract is about these. */
        private int ownElements(Pointer list) {
            return inserted.contains(list) || created.containsKey(list)
                    ? 0
                    : list.in(document).size();
        }

        private void absent(Pointer at, ObjectNode map, List<Pointer> places) {
            Pointer below = at;
            for (int depth = random.nextInt(3); depth >= 0; depth--) {
                String name = RandomTree.text(random);
                if (below.equals(at) && map.has(name)) {
                    return;
                }
                below = below.child(name);
            }
            places.add(below);
        }

        /** The list or map at this place of the copy. Creates it and the maps above it if they are absent or null. */
        private JsonNode directly(Pointer place, ContainerNode<?> empty) {
            JsonNode node = direct;
            Pointer at = Pointer.root();
            for (String step : place.steps()) {
                at = at.child(step);
                JsonNode next = node instanceof ArrayNode list ? list.get(Integer.parseInt(step)) : node.path(step);
                if (next.isMissingNode() || next.isNull()) {
                    created.put(at, next.isNull() ? Before.NULL : Before.ABSENT);
                    next = at.equals(place) ? empty : JsonNodeFactory.instance.objectNode();
                    ((ObjectNode) node).set(step, next);
                }
                node = next;
            }
            return node;
        }
    }
}
