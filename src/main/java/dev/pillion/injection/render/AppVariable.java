package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.pod.Container;
import dev.pillion.pod.VolumeMount;
import java.util.List;

/** The variable {@code app} of expressions. */
final class AppVariable {

    private AppVariable() {}

    /** The variables with {@code app}: the first of the containers, or an empty map if there is none. */
    static Variables addTo(Variables variables, List<Container> targets) {
        return variables.with(
                "app",
                () -> Values.ofJson(targets.stream()
                        .findFirst()
                        .map(AppVariable::withNormalizedMounts)
                        .orElse(JsonNodeFactory.instance.objectNode())));
    }

    /** Expressions compare paths as text. They allow for a slash at the end, and not for {@code //} or {@code /./}. */
    private static JsonNode withNormalizedMounts(Container container) {
        List<VolumeMount> mounts = container.volumeMounts();
        if (mounts.stream().allMatch(AppVariable::isNormalized)) {
            return container.tree();
        }
        JsonNode copy = container.tree().deepCopy();
        for (int index = 0; index < mounts.size(); index++) {
            if (!isNormalized(mounts.get(index))) {
                ((ObjectNode) copy.path("volumeMounts").path(index))
                        .put("mountPath", mounts.get(index).directory());
            }
        }
        return copy;
    }

    private static boolean isNormalized(VolumeMount mount) {
        return mount.mountPath().equals(mount.directory()) || mount.mountPath().equals(mount.directory() + "/");
    }
}
