package dev.pillion.yaml.splice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Additions to random trees in random layouts: they only add text, and the text is restored when they are removed. */
class TextSplicerPropertyTest {

    @Test
    void restoresTheTextWhenAdditionsAreRemoved() {
        Seeds.each(1_500, random -> {
            // given
            ObjectNode tree = RandomTree.map(random, 4);
            tree.set("field", RandomTree.value(random, 3));
            if (random.nextInt(3) == 0) {
                tree.set("again", tree.get("field").deepCopy());
            }
            String text = RandomLayout.print(random, tree);
            Document document = only(text);
            assertThat(Trees.same(document.tree(), tree)).as(text).isTrue();
            JsonNode more = tree.deepCopy();
            add(random, more);

            // when
            TextSplicer.Spliced added = TextSplicer.splice(text, List.of(document), Map.of(0, more));
            TextSplicer.Spliced removed =
                    TextSplicer.splice(added.text(), List.of(only(added.text())), Map.of(0, document.tree()));

            // then
            String both = "\n" + text + "\n=====\n" + added.text() + "\n====\n" + more;
            assertThat(added.reprinted()).as(both).isEmpty();
            assertThat(removed.reprinted()).as(both).isEmpty();
            assertThat(Trees.same(only(added.text()).tree(), more)).as(both).isTrue();
            assertThat(removed.text()).as(both).isEqualTo(text);
        });
    }

    private static Document only(String text) throws YamlException {
        List<Document> documents = YamlReader.read(text);
        assertThat(documents).as(text).hasSize(1);
        return documents.getFirst();
    }

    /**
     * Adds fields to maps, values to null, and elements to lists. A list either gets new elements or has its elements changed, because
     * elements without names cannot be matched otherwise.
     */
    private static void add(Random random, JsonNode tree) {
        switch (tree) {
            case ObjectNode map -> {
                List<String> fields = new ArrayList<>();
                map.fieldNames().forEachRemaining(fields::add);
                for (String field : fields) {
                    if (map.get(field).isNull() && random.nextBoolean()) {
                        map.putObject(field).put("a", random.nextInt(9));
                    } else {
                        add(random, map.get(field));
                    }
                }
                for (int count = random.nextInt(3); count > 0; count--) {
                    map.set("added-" + random.nextInt(1000), RandomTree.value(random, 2));
                }
            }
            case ArrayNode list
            when random.nextBoolean() -> {
                for (int count = areDistinct(list) ? random.nextInt(4) : 0; count > 0; count--) {
                    ObjectNode element = RandomTree.map(random, 2);
                    element.put("name", "added-" + random.nextInt(1_000_000));
                    list.insert(random.nextInt(list.size() + 1), element);
                }
            }
            default -> tree.forEach(child -> add(random, child));
        }
    }

    private static boolean areDistinct(ArrayNode list) {
        Set<JsonNode> elements = new HashSet<>();
        list.forEach(elements::add);
        return elements.size() == list.size();
    }
}
