package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The operating system of the nodes on which a Pod runs, as far as its fields show. The node selector of a RuntimeClass is not known.
 *
 * @param system the operating system
 * @param field the field that determines it; empty if Linux is the default
 */
public record NodePlatform(System system, String field) {

    private static final NodePlatform LINUX = new NodePlatform(System.LINUX, "");
    private static final String WINDOWS = "windows";

    /** The kubelet sets this label on every node. It corrects both labels, and compares the selectors of a Pod with them again. */
    private static final String LABEL = "kubernetes.io/os";

    private static final String OLD_LABEL = "beta.kubernetes.io/os";

    /** The kubelet sets this label on Windows nodes. Other nodes can have it too. */
    private static final String BUILD_LABEL = "node.kubernetes.io/windows-build";

    public enum System {
        /** Runs on Linux nodes. */
        LINUX,
        /** Has settings for Windows only, or selects a label that usually only Windows nodes have. It can still run on Linux nodes, where these settings have no effect. */
        WINDOWS_BY_SETTINGS,
        /** No Linux node runs it. */
        WINDOWS
    }

    static NodePlatform of(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        String os = spec.path("os").path("name").asText("");
        if (!os.isEmpty()) {
            // The API server rejects windowsOptions beside "linux".
            return os.equals(WINDOWS) ? new NodePlatform(System.WINDOWS, "spec.os.name") : LINUX;
        }
        for (String label : new String[] {LABEL, OLD_LABEL}) {
            String selected = spec.path("nodeSelector").path(label).asText("");
            if (!selected.isEmpty()) {
                return selected.equals(WINDOWS)
                        ? new NodePlatform(System.WINDOWS, "spec.nodeSelector['" + label + "']")
                        : LINUX;
            }
        }
        JsonNode terms =
                spec.at("/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms");
        if (terms.size() > 0) {
            if (elements(terms).allMatch(NodePlatform::impliesWindows)) {
                return new NodePlatform(
                        System.WINDOWS, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
            }
            if (elements(terms).allMatch(NodePlatform::impliesLinux)) {
                return LINUX;
            }
        }
        return windowsBuild(spec, terms)
                .or(() -> windowsSettings(spec))
                .map(field -> new NodePlatform(System.WINDOWS_BY_SETTINGS, field))
                .orElse(LINUX);
    }

    /** A term must meet all its expressions, and one of the terms is enough. */
    private static boolean impliesWindows(JsonNode term) {
        return elements(term.path("matchExpressions"))
                .anyMatch(expression -> isOfLabel(expression) && isOnly(expression, WINDOWS, "linux"));
    }

    private static boolean impliesLinux(JsonNode term) {
        return elements(term.path("matchExpressions"))
                .anyMatch(expression -> isOfLabel(expression) && isOnly(expression, "linux", WINDOWS));
    }

    private static boolean isOfLabel(JsonNode expression) {
        String key = expression.path("key").asText();
        return key.equals(LABEL) || key.equals(OLD_LABEL);
    }

    /** Whether an expression selects nodes of one operating system only. Kubernetes supports these two. */
    private static boolean isOnly(JsonNode expression, String system, String other) {
        JsonNode values = expression.path("values");
        return switch (expression.path("operator").asText()) {
            case "In" ->
                !values.isEmpty()
                        && elements(values).allMatch(value -> value.asText().equals(system));
            case "NotIn" -> elements(values).anyMatch(value -> value.asText().equals(other));
            default -> false;
        };
    }

    private static Optional<String> windowsBuild(JsonNode spec, JsonNode terms) {
        if (spec.path("nodeSelector").hasNonNull(BUILD_LABEL)) {
            return Optional.of("spec.nodeSelector['" + BUILD_LABEL + "']");
        }
        boolean required = !terms.isEmpty() && elements(terms).allMatch(NodePlatform::requiresBuild);
        return required
                ? Optional.of("spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution")
                : Optional.empty();
    }

    private static boolean requiresBuild(JsonNode term) {
        return elements(term.path("matchExpressions"))
                .anyMatch(expression -> expression.path("key").asText().equals(BUILD_LABEL)
                        && Set.of("In", "Exists", "Gt", "Lt")
                                .contains(expression.path("operator").asText()));
    }

    private static Optional<String> windowsSettings(JsonNode spec) {
        if (hasWindowsOptions(spec)) {
            return Optional.of("spec.securityContext.windowsOptions");
        }
        for (ContainerList list : ContainerList.values()) {
            JsonNode containers = spec.path(list.field());
            for (int index = 0; index < containers.size(); index++) {
                if (hasWindowsOptions(containers.path(index))) {
                    return Optional.of("spec." + list.field() + "[" + index + "].securityContext.windowsOptions");
                }
            }
        }
        return Optional.empty();
    }

    /** {@code hostProcess: false} alone is the default. */
    private static boolean hasWindowsOptions(JsonNode holder) {
        for (JsonNode option : holder.path("securityContext").path("windowsOptions")) {
            if (!option.isNull() && !(option.isBoolean() && !option.asBoolean())) {
                return true;
            }
        }
        return false;
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
