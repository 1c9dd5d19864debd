package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** A volume's place in a container. */
public record VolumeMount(String volume, String mountPath, JsonNode tree) {

    /** The mounted directory in its plain form: the API server lets {@code //}, {@code .} and a slash at the end pass. */
    public String directory() {
        return Path.of(mountPath).normalize().toString();
    }

    /** Whether the directory is the mounted one or below it. */
    public boolean covers(String directory) {
        return directory.equals(directory()) || directory.startsWith(directory() + "/");
    }
}
