package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.catalog.LintRule;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Schema;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds fields in the containers, volumes and other Kubernetes objects of a profile that Kubernetes does not have.
 *
 * <p>A field with a name near that of a known one is a mistake, because Kubernetes ignores unknown fields. Another field can belong to a newer
 * Kubernetes than the schema, and is kept.
 */
public final class UnknownFields {

    /** The Kubernetes version of fabric8's model, from which the schema is generated. */
    static final String KUBERNETES = "1.34";

    private final Schema schema;
    private final List<UnknownField> found = new ArrayList<>();

    private UnknownFields(Schema schema) {
        this.schema = schema;
    }

    /** @param meant the known field that the user most likely means */
    public record UnknownField(String path, String name, Optional<String> meant, Optional<String> below) {

        String misspelt() {
            return "unknown field '" + name + "'; did you mean '" + meant.orElseThrow()
                    + "'? If it is a field of a Kubernetes newer than " + KUBERNETES + ", say so in the annotation "
                    + LintRule.UNKNOWN_FIELD.annotation();
        }

        public String unknown() {
            return "is not a field of Kubernetes " + KUBERNETES + ", which this version of Pillion knows"
                    + below.map(path -> "; did you mean '" + path + "'?").orElse("; an older Kubernetes ignores it");
        }
    }

    public static List<UnknownField> in(JsonNode spec, Schema schema) {
        UnknownFields fields = new UnknownFields(schema);
        for (Role role : Role.values()) {
            fields.find(
                    spec.path(role.field()), new ListOf(KubernetesSchema.PROFILE_CONTAINER), "spec." + role.field());
        }
        fields.find(spec.path("volumes"), new ListOf(KubernetesSchema.VOLUME), "spec.volumes");
        for (int index = 0; index < spec.path("sharedDirectories").size(); index++) {
            fields.find(
                    spec.path("sharedDirectories").path(index).path("emptyDir"),
                    KubernetesSchema.EMPTY_DIR,
                    "spec.sharedDirectories[" + index + "].emptyDir");
        }
        ProfileReader.APP_FIELDS.forEach(
                (name, type) -> fields.find(spec.path("app").path(name), type, "spec.app." + name));
        ProfileReader.POD_FIELDS.forEach(
                (name, type) -> fields.find(spec.path("pod").path(name), type, "spec.pod." + name));
        return fields.found;
    }

    private void find(JsonNode tree, Type type, String path) {
        switch (type) {
            case ListOf(Type element)
            when tree.isArray() -> {
                for (int index = 0; index < tree.size(); index++) {
                    find(tree.get(index), element, path + "[" + index + "]");
                }
            }
            case MapOf(Type value)
            when tree.isObject() ->
                tree.properties().forEach(field -> find(field.getValue(), value, path + "." + field.getKey()));
            case Struct(String name)
            when tree.isObject() && schema.structs().containsKey(name) -> findInStruct(tree, schema.fields(name), path);
            default -> {}
        }
    }

    private void findInStruct(JsonNode tree, Map<String, Type> known, String path) {
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            String name = field.getKey();
            Type type = known.get(name);
            if (type != null) {
                find(field.getValue(), type, path + "." + name);
            } else if (!name.contains("${")) {
                found.add(new UnknownField(
                        path + "." + name,
                        name,
                        Nearest.to(name, known.keySet(), absent(known, tree), Synonyms.KUBERNETES_FIELDS),
                        below(name, known)));
            }
        }
    }

    private static Set<String> absent(Map<String, Type> known, JsonNode tree) {
        Set<String> absent = new TreeSet<>(known.keySet());
        absent.removeIf(tree::has);
        return absent;
    }

    /** The field of the same name that is one level deeper, for example {@code valueFrom.secretKeyRef}. */
    private Optional<String> below(String name, Map<String, Type> known) {
        return new TreeSet<>(known.keySet())
                .stream()
                        .filter(field -> known.get(field) instanceof Struct(String struct)
                                && schema.fields(struct).containsKey(name))
                        .map(field -> field + "." + name)
                        .findFirst();
    }
}
