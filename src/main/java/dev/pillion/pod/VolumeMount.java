package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A volume mount of a container.
 *
 * @param directory the mount path in its plain form: the API server accepts {@code //}, {@code .}, a slash at the end and a missing one at the
 *     start, which the kubelet adds
 */
public record VolumeMount(String volume, String mountPath, String directory, JsonNode tree) {

    /** Where the admission plug-in mounts the ServiceAccount's token (k8s.io/kubernetes, {@code plugin/pkg/admission/serviceaccount}). */
    public static final String TOKEN_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

    VolumeMount(String volume, String mountPath, JsonNode tree) {
        this(volume, mountPath, directory(mountPath), tree);
    }

    /** Reads a valid mount. */
    public static VolumeMount of(JsonNode tree) {
        return new VolumeMount(
                tree.path("name").asText(), tree.path("mountPath").asText(), tree);
    }

    /** The plain form of a path at which a container sees a volume or a device. */
    public static String directory(String mountPath) {
        if (isPlain(mountPath)) {
            return mountPath;
        }
        Deque<String> steps = new ArrayDeque<>();
        for (String step : mountPath.split("/")) {
            switch (step) {
                case "", "." -> {}
                case ".." -> steps.pollLast();
                default -> steps.addLast(step);
            }
        }
        return mountPath.isEmpty() ? "" : "/" + String.join("/", steps);
    }

    /** Whether the path needs no change. Most paths do not. */
    private static boolean isPlain(String mountPath) {
        return !mountPath.contains("//")
                && !mountPath.contains("/.")
                && mountPath.startsWith("/")
                && !mountPath.endsWith("/");
    }

    /** Whether both mount one volume at one directory. */
    public boolean isAtTheSamePlaceAs(VolumeMount other) {
        return volume.equals(other.volume) && directory.equals(other.directory);
    }

    /** Whether the directory is the mounted one or below it. */
    public boolean covers(String directory) {
        return switch (this.directory) {
            case "" -> false;
            case "/" -> true;
            case String own ->
                directory.startsWith(own)
                        && (directory.length() == own.length() || directory.charAt(own.length()) == '/');
        };
    }
}
