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
    void coversItsDirectoryAndAllBelow(String mountPath, String directory, boolean covered) {
        assertThat(mount(mountPath).covers(directory)).isEqualTo(covered);
    }

    @Test
    void coversEverythingWhereItIsMountedAtTheRoot() {
        assertThat(mount("/").covers("/var/log")).isTrue();
    }

    @Test
    void coversNothingWhereItHasNoPlace() {
        assertThat(mount("").covers("/var/log")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/var/\u0000log", "\u0000", "C:\\logs", "var/log", "//", "/..", ".."})
    void coversNothingElseWhateverItsPlaceIs(String mountPath) {
        assertThat(mount(mountPath).covers("/srv/data")).isEqualTo(mountPath.equals("//") || mountPath.equals("/.."));
    }

    private static VolumeMount mount(String mountPath) {
        return new VolumeMount("logs", mountPath, JsonNodeFactory.instance.objectNode());
    }
}
