package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.plan.AppendedText;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.pod.Container;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The variables that profiles set in the app's containers. A mount of the app can name them in its {@code subPathExpr}, because the kubelet
 * expands it after the injection.
 */
record InjectedVariables(List<RenderedProfile> profiles) {

    /** The container with the variables that it gets. Its own ones and those of earlier profiles take precedence. */
    Container in(Container container) {
        Set<String> names = new HashSet<>(container.environment());
        ObjectNode tree = container.tree().deepCopy();
        for (RenderedProfile profile : profiles) {
            if (!profile.targets().contains(container)) {
                continue;
            }
            for (JsonNode variable : profile.app().getOrDefault("env", MissingNode.getInstance())) {
                boolean sets = AppendedText.of(variable).isEmpty();
                if (sets && names.add(variable.path("name").asText())) {
                    tree.withArray("/env").add(variable);
                }
            }
        }
        return container.with(tree);
    }
}
