package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.limit.Work;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON maps and lists as values of CEL. Only the fields that an expression reads are converted: most of a Pod is never read. */
final class JsonViews {

    private JsonViews() {}

    /** A map without its fields that are null. */
    static final class Fields extends AbstractMap<String, Object> {

        private final JsonNode object;

        Fields(JsonNode object) {
            this.object = object;
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            JsonNode field = key instanceof String name ? object.get(name) : null;
            return field == null || field.isNull() ? null : Values.ofJson(field);
        }

        /** An upper bound of {@link #size} that takes less time. */
        int sizeAtMost() {
            return object.size();
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return key instanceof String name && object.hasNonNull(name);
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            Work.add(object.size());
            Map<String, Object> present = new LinkedHashMap<>();
            for (Entry<String, JsonNode> field : object.properties()) {
                if (!field.getValue().isNull()) {
                    present.put(field.getKey(), Values.ofJson(field.getValue()));
                }
            }
            return present.entrySet();
        }
    }

    static final class Elements extends AbstractList<Object> {

        private final JsonNode array;

        Elements(JsonNode array) {
            this.array = array;
        }

        @Override
        public Object get(int index) {
            Work.add(1);
            JsonNode element = array.get(index);
            if (element == null) {
                throw new IndexOutOfBoundsException(index);
            }
            return Values.ofJson(element);
        }

        @Override
        public int size() {
            return array.size();
        }
    }
}
