package dev.pillion.catalog.compile;

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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The fields of a Pod that this version of Pillion knows. A field of a newer Kubernetes is not an error in a container. Expressions can read it by
 * {@code dyn(pod)}.
 */
final class KubernetesSchema {

    static final Type POD = new Struct("Pod");
    static final Type NAMESPACE = new Struct("Namespace");
    static final Type CONTAINER = new Struct("Container");

    /** A container of a profile: Kubernetes' fields and Pillion's own. */
    static final Type PROFILE_CONTAINER = new Struct("ProfileContainer");

    static final Type VOLUME = new Struct("Volume");
    static final Type EMPTY_DIR = new Struct("EmptyDirVolumeSource");

    /** Kubernetes' EnvVar with Pillion's own {@code append}. The kubelet's {@code $(NAME)} in a value is not escaped. */
    static final Type APP_ENV_VAR = new Struct("AppEnvVar");

    static final Type ENV_FROM = new Struct("EnvFromSource");

    /** Kubernetes' VolumeMount. The kubelet's {@code $(NAME)} is not escaped. */
    static final Type APP_VOLUME_MOUNT = new Struct("AppVolumeMount");

    static final Type LOCAL_OBJECT_REFERENCE = new Struct("LocalObjectReference");

    /**
     * The fields that the API server requires, if expressions are likely to read them. The name of a Pod is not required: the Pods of controllers
     * get it after admission.
     */
    private static final Map<String, Set<String>> ALWAYS = Map.ofEntries(
            Map.entry("Pod", Set.of("metadata", "spec")),
            Map.entry("PodSpec", Set.of("containers")),
            Map.entry("Namespace", Set.of("metadata")),
            Map.entry("NamespaceMetadata", Set.of("name", "labels", "annotations")),
            Map.entry("Container", Set.of("name", "image")),
            Map.entry("ContainerPort", Set.of("containerPort")),
            Map.entry("EnvVar", Set.of("name")),
            Map.entry("AppEnvVar", Set.of("name")),
            Map.entry("VolumeMount", Set.of("name", "mountPath")),
            Map.entry("AppVolumeMount", Set.of("name", "mountPath")),
            Map.entry("VolumeDevice", Set.of("name", "devicePath")),
            Map.entry("Volume", Set.of("name")),
            Map.entry("PersistentVolumeClaimVolumeSource", Set.of("claimName")),
            Map.entry("KeyToPath", Set.of("key", "path")),
            Map.entry("LocalObjectReference", Set.of("name")),
            Map.entry("HTTPGetAction", Set.of("port")),
            Map.entry("TCPSocketAction", Set.of("port")),
            Map.entry("GRPCAction", Set.of("port")),
            Map.entry("HostPathVolumeSource", Set.of("path")),
            Map.entry("OwnerReference", Set.of("apiVersion", "kind", "name", "uid")));

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
        structs.put("Namespace", Map.of("metadata", new Struct("NamespaceMetadata")));
        structs.put("NamespaceMetadata", Map.copyOf(fieldsOf(structs, "ObjectMeta")));
        Map<String, Type> appEnvVar = new LinkedHashMap<>(fieldsOf(structs, "EnvVar"));
        appEnvVar.put("append", new Struct("AppendedText"));
        structs.put("AppEnvVar", appEnvVar);
        structs.put("AppendedText", Map.of("separator", Scalar.STRING));
        structs.put("AppVolumeMount", Map.copyOf(fieldsOf(structs, "VolumeMount")));
        fieldsOf(structs, "VolumeMount").put("subPathExpr", Scalar.EXPANDED_STRING);
        fieldsOf(structs, "EnvVar").put("value", Scalar.EXPANDED_STRING);
        fieldsOf(structs, "Container").put("command", new ListOf(Scalar.EXPANDED_STRING));
        fieldsOf(structs, "Container").put("args", new ListOf(Scalar.EXPANDED_STRING));
        structs.put("ProbeExecAction", Map.of("command", new ListOf(Scalar.EXPANDED_STRING)));
        fieldsOf(structs, "Probe").put("exec", new Struct("ProbeExecAction"));
        structs.put("AddedPodSecurityContext", Map.of("fsGroup", Scalar.INTEGER));
        Map<String, Type> container = new LinkedHashMap<>(fieldsOf(structs, "Container"));
        ContainerReader.OWN_FIELDS.forEach(field -> container.put(field, Scalar.ANY));
        structs.put("ProfileContainer", container);
        Map<String, Set<String>> always = new HashMap<>();
        structs.keySet().forEach(struct -> always.put(struct, ALWAYS.getOrDefault(struct, Set.of())));
        return new Schema(structs, always);
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
