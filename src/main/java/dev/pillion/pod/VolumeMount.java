package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A volume's place in a container.
 *
 * @param directory the mounted directory in its plain form: the API server lets {@code //}, {@code .}, a slash at the end and none at the
 *     beginning pass, and the kubelet adds that one
 */
public record VolumeMount(String volume, String mountPath, String directory, JsonNode tree) {

    VolumeMount(String volume, String mountPath, JsonNode tree) {
        this(volume, mountPath, directory(mountPath), tree);
    }

    /** A mount that is known to have the form that Kubernetes gives it. */
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

    /** Whether the path is as nearly everyone writes it. */
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
