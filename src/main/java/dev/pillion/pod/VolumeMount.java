package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;

/** A volume's place in a container. */
public record VolumeMount(String volume, String mountPath, JsonNode tree) {

    /** Whether the directory is the mounted one or below it. */
    public boolean covers(String directory) {
        String mounted = mountPath.endsWith("/") ? mountPath.substring(0, mountPath.length() - 1) : mountPath;
        return directory.equals(mounted) || directory.startsWith(mounted + "/");
    }
}
