package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The schema of expressions is generated from fabric8's model of a Pod, so that Pillion needs no reflection. */
class KubernetesSchemaTest {

    private static final Path FILE = Path.of("src/main/resources/dev/pillion/catalog/compile/kubernetes-schema.json");
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Set<String> LEFT_OUT = Set.of("PodStatus", "ManagedFieldsEntry");

    private final Map<String, ObjectNode> structs = new TreeMap<>();
    private final Deque<Class<?>> waiting = new ArrayDeque<>();
    private final Set<Class<?>> seen = new java.util.HashSet<>();

    @Test
    void isTheSchemaOfTheModel() throws Exception {
        enqueue(Pod.class);
        while (!waiting.isEmpty()) {
            describe(waiting.remove());
        }
        String expected = MAPPER.writeValueAsString(structs) + "\n";
        if (Boolean.getBoolean("update")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, expected);
        }
        assertThat(Files.readString(FILE))
                .as("stale: run ./mvnw test -Dtest=KubernetesSchemaTest -Dupdate=true")
                .isEqualTo(expected);
    }

    private void describe(Class<?> type) {
        ObjectNode fields = MAPPER.createObjectNode();
        Map<String, String> sorted = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            JsonProperty property = field.getAnnotation(JsonProperty.class);
            if (property != null && !Modifier.isStatic(field.getModifiers())) {
                sorted.put(property.value(), name(MAPPER.constructType(field.getGenericType())));
            }
        }
        sorted.forEach(fields::put);
        structs.put(type.getSimpleName(), fields);
    }

    private String name(JavaType type) {
        if (type.isCollectionLikeType()) {
            return "[" + name(type.getContentType()) + "]";
        }
        if (type.isMapLikeType()) {
            return "{" + name(type.getContentType()) + "}";
        }
        Class<?> raw = type.getRawClass();
        if (raw == String.class) {
            return "string";
        }
        if (raw == Integer.class || raw == Long.class) {
            return "integer";
        }
        if (raw == Boolean.class) {
            return "boolean";
        }
        if (raw == Double.class || raw == Float.class) {
            return "number";
        }
        if (raw == IntOrString.class) {
            return "integerOrString";
        }
        if (raw == Quantity.class) {
            return "quantity";
        }
        if (!raw.getName().startsWith("io.fabric8.kubernetes.api.model") || LEFT_OUT.contains(raw.getSimpleName())) {
            return "any";
        }
        enqueue(raw);
        return raw.getSimpleName();
    }

    private void enqueue(Class<?> type) {
        if (seen.add(type)) {
            waiting.add(type);
        }
    }

    @Test
    void hasEveryStructureToWhichItRefers() {
        assertThat(new TreeSet<>(KubernetesSchema.load().structs().keySet()))
                .contains("Pod", "Container", "EnvVar", "SecurityContext");
    }
}
