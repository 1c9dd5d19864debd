package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.pod.Container;
import dev.pillion.pod.ReviewLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Warns if an injected variable replaces one that the app takes from a ConfigMap or a Secret: {@code env} takes precedence over
 * {@code envFrom}, so the app's own value is not kept in this case.
 *
 * <p>If the keys of the ConfigMap or Secret are not known, the warning says that the variable would replace one. It is given only if an
 * annotation of the Pod requests the variable. A policy adds its variables to every Pod, and such a warning for every Pod would be useless.
 */
public final class ReplacedVariables {

    private final String namespace;
    private final VariableSources sources;
    private final List<Reason> warnings = new ArrayList<>();

    public ReplacedVariables(String namespace, VariableSources sources) {
        this.namespace = namespace;
        this.sources = sources;
    }

    List<Reason> warnings() {
        return warnings;
    }

    /** @param added the names of the variables that a profile adds to a container */
    void check(Chosen chosen, Container container, Collection<String> added) {
        if (added.isEmpty() || warnings.size() >= ReviewLimits.WARNINGS) {
            return;
        }
        for (JsonNode source : container.tree().path("envFrom")) {
            check(
                    chosen,
                    container,
                    added,
                    source,
                    "ConfigMap",
                    source.path("configMapRef").path("name").asText());
            check(
                    chosen,
                    container,
                    added,
                    source,
                    "Secret",
                    source.path("secretRef").path("name").asText());
        }
    }

    private void check(
            Chosen chosen, Container container, Collection<String> added, JsonNode source, String kind, String name) {
        if (name.isEmpty()) {
            return;
        }
        Optional<Set<String>> keys = sources.keys(namespace, kind, name);
        if (keys.isEmpty() && !(chosen.requestedBy() instanceof RequestSource.Annotation)) {
            return;
        }
        String prefix = source.path("prefix").asText("");
        List<String> replaced = added.stream()
                .filter(variable -> variable.startsWith(prefix)
                        && (keys.isEmpty() || keys.get().contains(variable.substring(prefix.length()))))
                .toList();
        if (!replaced.isEmpty()) {
            warnings.add(new Reason(
                    ReasonCode.ENV_FROM_REPLACED,
                    chosen.request()
                            .but("its " + named(replaced) + (keys.isEmpty() ? " would replace" : " replaces")
                                    + " a variable of this name that container " + container.name() + " takes from "
                                    + kind + " " + Excerpt.of(name) + " by envFrom"
                                    + (keys.isEmpty() ? ", if there is one" : ""))));
        }
    }

    private static String named(List<String> variables) {
        String first = Excerpt.of(variables.getFirst());
        return variables.size() == 1 ? first : first + " (and " + (variables.size() - 1) + " more)";
    }
}
