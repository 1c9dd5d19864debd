package dev.pillion.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeMountTest {

    @ParameterizedTest
    @CsvSource({
        "/var/log,       /var/log,       true",
        "/var/log/,      /var/log,       true",
        "/var/log,       /var/log/nginx, true",
        "/var/log/,      /var/log/nginx, true",
        "/var,           /var/log/nginx, true",
        "/var//log/.,    /var/log,       true",
        "/var/x/../log,  /var/log/nginx, true",
        "/var/log/nginx, /var/log,       false",
        "/var/log,       /var/logs,      false",
        "/var/log,       /var,           false",
        "/srv,           /var/log,       false",
    })
    void coversItsDirectoryAndEverythingBelow(String mountPath, String directory, boolean covered) {
        assertThat(mount(mountPath).covers(directory)).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//", "/..", "/./", "..", ".", "./"})
    void coversEverythingIfItIsMountedAtTheRoot(String mountPath) {
        assertThat(mount(mountPath).covers("/var/log")).isTrue();
    }

    /** The kubelet puts a slash before a path that has none (pkg/kubelet/util.MakeAbsolutePath). */
    @ParameterizedTest
    @ValueSource(strings = {"var/log", "var//log/", "./var"})
    void startsAtTheRootIfItsPathIsRelative(String mountPath) {
        assertThat(mount(mountPath).covers("/var/log")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C:\\logs", "var/log/app", ""})
    void coversNoOtherDirectoryIfItsPathIsRelative(String mountPath) {
        assertThat(mount(mountPath).covers("/var/log")).isFalse();
    }

    @Test
    void coversNothingWithoutAPath() {
        assertThat(mount("/var/\u0000log").covers("/var/log")).isFalse();
    }

    private static VolumeMount mount(String mountPath) {
        return new VolumeMount("logs", mountPath, JsonNodeFactory.instance.objectNode());
    }
}
