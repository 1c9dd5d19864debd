package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Schema;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON Schemas of the types of Kubernetes for templates of profiles. A value of any type can be one <code>${…}</code> instead, null omits a
 * field, and fields of a newer Kubernetes are allowed.
 */
final class KubernetesDefinitions {

    private static final Schema SCHEMA = KubernetesSchema.load();

    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    KubernetesDefinitions() {
        definitions.put(
                "expression",
                SchemaNodes.text("One ${…} with a CEL expression that reads params, pod, namespace and app.")
                        .put("pattern", "^\\s*\\$\\{[\\s\\S]*\\}\\s*$"));
    }

    /** All that were referred to, by name. */
    ObjectNode all() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        definitions.forEach(all::set);
        return all;
    }

    /** Of a field that a template fills. */
    ObjectNode of(Type type) {
        return switch (type) {
            case Scalar.ANY -> SchemaNodes.anything();
            case Scalar.STRING, Scalar.EXPANDED_STRING -> SchemaNodes.ofTypes("string", "null");
            // An expression is a string already.
            case Scalar.INTEGER_OR_STRING -> SchemaNodes.ofTypes("integer", "string", "null");
            case Scalar.QUANTITY -> SchemaNodes.ofTypes("number", "string", "null");
            case Scalar.INTEGER -> orExpression(SchemaNodes.ofTypes("integer", "null"));
            case Scalar.NUMBER -> orExpression(SchemaNodes.ofTypes("number", "null"));
            case Scalar.BOOLEAN -> orExpression(SchemaNodes.ofTypes("boolean", "null"));
            case ListOf(Type element) -> {
                ObjectNode list = SchemaNodes.ofTypes("array", "null");
                list.set("items", of(element));
                yield orExpression(list);
            }
            case MapOf(Type value) -> {
                ObjectNode map = SchemaNodes.ofTypes("object", "null");
                map.set("additionalProperties", of(value));
                yield orExpression(map);
            }
            case Struct(String name) -> {
                define(name);
                yield orExpression(SchemaNodes.reference(name));
            }
        };
    }

    /** The fields of a structure. */
    ObjectNode fields(Type struct) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(SCHEMA.fields(((Struct) struct).name())).forEach((field, type) -> fields.set(field, of(type)));
        return fields;
    }

    private void define(String name) {
        if (!definitions.containsKey(name)) {
            ObjectNode definition = SchemaNodes.ofTypes("object", "null");
            // Stored before its fields, because they can have the same type.
            definitions.put(name, definition);
            definition.set("properties", fields(new Struct(name)));
        }
    }

    private static ObjectNode orExpression(ObjectNode schema) {
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.putArray("anyOf").add(schema).add(SchemaNodes.reference("expression"));
        return either;
    }
}
