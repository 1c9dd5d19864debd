package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.VolumeMount;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mount of a shared directory, which the app's containers and the companions have in common.
 *
 * @param mount without {@code readOnly}, which differs between containers; never changed
 * @param references the variables that the mount's {@code subPathExpr} names
 */
record SharedMount(ObjectNode mount, SubPathReferences references) {

    private static final List<String> COMMON_FIELDS = List.of("name", "mountPath", "subPath", "subPathExpr");

    /** A copy of the fields that all containers have in common. */
    static ObjectNode commonFields(JsonNode mount) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (String field : COMMON_FIELDS) {
            if (mount.has(field)) {
                copy.set(field, mount.get(field));
            }
        }
        return copy;
    }

    /** Whether two mounts show the same directory of the same volume at the same place. */
    static boolean same(JsonNode one, JsonNode other) {
        return normalized(one).equals(normalized(other));
    }

    private static ObjectNode normalized(JsonNode mount) {
        ObjectNode copy =
                commonFields(mount).put("mountPath", VolumeMount.of(mount).directory());
        for (String field : List.of("subPath", "subPathExpr")) {
            if (copy.path(field).asText().isEmpty()) {
                copy.remove(field);
            }
        }
        return copy;
    }

    /** The mount that is nearest to a path, at it or above it. */
    static Optional<JsonNode> innermost(List<VolumeMount> mounts, String path) {
        @Nullable VolumeMount innermost = null;
        for (VolumeMount mount : mounts) {
            boolean further = innermost == null
                    || mount.directory().length() > innermost.directory().length();
            if (further && mount.covers(path)) {
                innermost = mount;
            }
        }
        return Optional.ofNullable(innermost).map(VolumeMount::tree);
    }
}
