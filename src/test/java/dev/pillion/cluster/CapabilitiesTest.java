package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

    private final StubApiServer server = new StubApiServer();
    private ClusterReader reader;
    private Capabilities capabilities;

    @BeforeEach
    void createReader() throws InvalidClusterException {
        reader = new ClusterReader(server.cluster(), "test");
        capabilities = new Capabilities(reader);
    }

    @AfterEach
    void stop() {
        reader.close();
        server.close();
    }

    @Test
    void sidecarsAreNativeSinceKubernetes129() {
        refreshWithVersion("v1.29.0");
        assertThat(capabilities.nativeSidecars()).isTrue();

        refreshWithVersion("v1.28.15");
        assertThat(capabilities.nativeSidecars()).isFalse();
    }

    @Test
    void anUpgradeIsDetected() {
        refreshWithVersion("v1.28.15-eks-1");
        refreshWithVersion("v1.30.4-eks-2");

        assertThat(capabilities.nativeSidecars()).isTrue();
        assertThat(capabilities.server().orElseThrow().gitVersion()).isEqualTo("v1.30.4-eks-2");
    }

    @Test
    void theLastKnownVersionIsUsedWhileTheServerIsUnavailable() {
        refreshWithVersion("v1.28.15");

        server.on("/version", 500, "{}");
        capabilities.refresh();

        assertThat(capabilities.nativeSidecars()).isFalse();
    }

    @Test
    void sidecarsAreNativeUntilTheVersionIsKnown() {
        server.on("/version", 503, "{}");
        capabilities.refresh();

        assertThat(capabilities.server()).isEmpty();
        assertThat(capabilities.nativeSidecars()).isTrue();
    }

    private void refreshWithVersion(String gitVersion) {
        server.on("/version", "{\"gitVersion\": \"" + gitVersion + "\"}");
        capabilities.refresh();
    }
}
