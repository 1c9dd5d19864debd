package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.expression.Template;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directories that a companion's image needs: its programs, their libraries, and the files that the C library reads. A Pod that could mount a
 * volume there could change what the companion runs.
 */
final class SystemDirectories {

    /** Nothing is mounted at, above or below them. */
    private static final List<String> WITH_ALL_BELOW = List.of(
            "/bin",
            "/dev",
            "/lib",
            "/lib32",
            "/lib64",
            "/libx32",
            "/proc",
            "/sbin",
            "/sys",
            "/usr/bin",
            "/usr/lib",
            "/usr/lib32",
            "/usr/lib64",
            "/usr/libexec",
            "/usr/local/bin",
            "/usr/local/lib",
            "/usr/local/lib64",
            "/usr/local/libexec",
            "/usr/local/sbin",
            "/usr/sbin",
            "/etc/ca-certificates",
            "/etc/group",
            "/etc/hosts",
            "/etc/nsswitch.conf",
            "/etc/passwd",
            "/etc/pki",
            "/etc/resolv.conf",
            "/etc/ssl");

    /** Nothing is mounted at it or below it. The API server does not add the token where something is mounted. */
    private static final String TOKEN = "/var/run/secrets/kubernetes.io";

    /** The files of dynamic loaders, such as {@code /etc/ld.so.preload} and {@code /etc/ld-musl-x86_64.path}. */
    private static final String LOADER = "/etc/ld";

    private SystemDirectories() {}

    /** Whether a volume that is mounted at a directory hides a system directory. */
    static boolean areHiddenBy(String directory) {
        if (directory.equals("/") || directory.startsWith(LOADER) || isWithin(directory, TOKEN)) {
            return true;
        }
        for (String system : WITH_ALL_BELOW) {
            if (isWithin(directory, system) || isWithin(system, directory)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWithin(String directory, String other) {
        return directory.startsWith(other)
                && (directory.length() == other.length() || directory.charAt(other.length()) == '/');
    }

    /**
     * Denies a container with a mount that hides a system directory, if the path was computed for this Pod. The author of the profile may choose a
     * fixed path. An image that is inherited from the app belongs to the app.
     */
    static void check(Chosen chosen, ContainerTemplate template, JsonNode container) throws DeniedException {
        if (template.inherited().contains(Inherited.IMAGE)) {
            return;
        }
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").isTextual()
                    && areHiddenBy(VolumeMount.of(mount).directory())
                    && !isFixed(template.body(), mount.path("mountPath"))) {
                throw denial(
                        chosen,
                        container.path("name").asText(),
                        mount.path("mountPath").asText());
            }
        }
    }

    static DeniedException denial(Chosen chosen, String companion, String directory) {
        return DeniedException.of(
                chosen.request(),
                ReasonCode.DIRECTORY_NOT_SHAREABLE,
                "a volume at " + directory + " would hide files that the image of companion " + companion
                        + " needs; choose another directory");
    }

    private static boolean isFixed(Template body, JsonNode mountPath) {
        return switch (body) {
            case Template.Fields(Map<String, Template> fields) ->
                Optional.ofNullable(fields.get("volumeMounts"))
                        .filter(mounts -> isAmong(mounts, mountPath))
                        .isPresent();
            case Template.Constant(JsonNode tree) -> isAmong(tree.path("volumeMounts"), mountPath);
            default -> false;
        };
    }

    private static boolean isAmong(Template mounts, JsonNode mountPath) {
        return switch (mounts) {
            case Template.Constant(JsonNode list) -> isAmong(list, mountPath);
            case Template.Elements(List<Template> elements) ->
                elements.stream().anyMatch(element -> switch (element) {
                    case Template.Constant(JsonNode mount) ->
                        mount.path("mountPath").equals(mountPath);
                    case Template.Fields(Map<String, Template> fields) ->
                        new Template.Constant(mountPath).equals(fields.get("mountPath"));
                    default -> false;
                });
            default -> false;
        };
    }

    private static boolean isAmong(JsonNode mounts, JsonNode mountPath) {
        for (JsonNode mount : mounts) {
            if (mount.path("mountPath").equals(mountPath)) {
                return true;
            }
        }
        return false;
    }
}
