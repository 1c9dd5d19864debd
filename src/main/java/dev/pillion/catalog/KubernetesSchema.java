package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.expression.Schema;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The fields of a Pod and of all that is in it, as far as this version knows them. A field of a newer Kubernetes is no mistake in a
 * container; an expression reaches it by {@code dyn(pod)}.
 */
final class KubernetesSchema {

    static final Type POD = new Struct("Pod");
    static final Type NAMESPACE = new Struct("Namespace");
    static final Type CONTAINER = new Struct("Container");
    static final Type VOLUME = new Struct("Volume");
    static final Type EMPTY_DIR = new Struct("EmptyDirVolumeSource");

    /** As Kubernetes' EnvVar, but the kubelet's {@code $(NAME)} in a value is the app's own to use. */
    static final Type APP_ENV_VAR = new Struct("AppEnvVar");

    static final Type ENV_FROM = new Struct("EnvFromSource");

    /** As Kubernetes' VolumeMount, with the same exception. */
    static final Type APP_VOLUME_MOUNT = new Struct("AppVolumeMount");

    static final Type LOCAL_OBJECT_REFERENCE = new Struct("LocalObjectReference");

    private KubernetesSchema() {}

    static Schema load() {
        Map<String, Map<String, Type>> structs = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> struct : read().properties()) {
            Map<String, Type> fields = new LinkedHashMap<>();
            struct.getValue()
                    .properties()
                    .forEach(field ->
                            fields.put(field.getKey(), type(field.getValue().asText())));
            structs.put(struct.getKey(), fields);
        }
        structs.put("Namespace", Map.of("metadata", new Struct("ObjectMeta")));
        structs.put("AppEnvVar", Map.copyOf(fieldsOf(structs, "EnvVar")));
        structs.put("AppVolumeMount", Map.copyOf(fieldsOf(structs, "VolumeMount")));
        fieldsOf(structs, "VolumeMount").put("subPathExpr", Scalar.EXPANDED_STRING);
        fieldsOf(structs, "EnvVar").put("value", Scalar.EXPANDED_STRING);
        fieldsOf(structs, "Container").put("command", new ListOf(Scalar.EXPANDED_STRING));
        fieldsOf(structs, "Container").put("args", new ListOf(Scalar.EXPANDED_STRING));
        structs.put("ProbeExecAction", Map.of("command", new ListOf(Scalar.EXPANDED_STRING)));
        fieldsOf(structs, "Probe").put("exec", new Struct("ProbeExecAction"));
        return new Schema(structs);
    }

    private static Map<String, Type> fieldsOf(Map<String, Map<String, Type>> structs, String name) {
        return Objects.requireNonNull(structs.get(name));
    }

    private static JsonNode read() {
        try (InputStream file =
                Objects.requireNonNull(KubernetesSchema.class.getResourceAsStream("kubernetes-schema.json"))) {
            return JsonMapper.builder().build().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Type type(String name) {
        return switch (name) {
            case "string" -> Scalar.STRING;
            case "integer" -> Scalar.INTEGER;
            case "number" -> Scalar.NUMBER;
            case "boolean" -> Scalar.BOOLEAN;
            case "integerOrString" -> Scalar.INTEGER_OR_STRING;
            case "quantity" -> Scalar.QUANTITY;
            case "any" -> Scalar.ANY;
            default -> {
                String inner = name.substring(1, name.length() - 1);
                yield switch (name.charAt(0)) {
                    case '[' -> new ListOf(type(inner));
                    case '{' -> new MapOf(type(inner));
                    default -> new Struct(name);
                };
            }
        };
    }
}
