package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;

/** A volume's place in a container. */
public record VolumeMount(String volume, String mountPath, JsonNode tree) {

    /** A mount that is known to have the form that Kubernetes gives it. */
    public static VolumeMount of(JsonNode tree) {
        return new VolumeMount(
                tree.path("name").asText(), tree.path("mountPath").asText(), tree);
    }

    /** The mounted directory in its plain form: the API server lets {@code //}, {@code .} and a slash at the end pass. */
    public String directory() {
        if (isPlain()) {
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
        return (mountPath.startsWith("/") ? "/" : "") + String.join("/", steps);
    }

    /** Whether the path is as nearly everyone writes it. */
    private boolean isPlain() {
        return !mountPath.contains("//")
                && !mountPath.contains("/.")
                && mountPath.startsWith("/")
                && !mountPath.endsWith("/");
    }

    /** Whether the directory is the mounted one or below it. */
    public boolean covers(String directory) {
        String own = directory();
        return switch (own) {
            case "" -> false;
            case "/" -> true;
            default -> directory.equals(own) || directory.startsWith(own + "/");
        };
    }
}
