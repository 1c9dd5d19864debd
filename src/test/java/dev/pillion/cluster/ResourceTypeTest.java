package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deploy",
                "deployment",
                "deployments",
                "Deployment",
                "deployment.apps",
                "deployments.v1.apps",
                "Deployments.Apps"
            })
    void hasTheNamesOfKubectl(String name) {
        assertThat(ResourceType.named(name)).contains(ResourceType.DEPLOYMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployment.yaml", "deployment.batch", "deployment.v2.apps", "pod.", "secret", ""})
    void isEmptyForAnUnknownName(String name) {
        assertThat(ResourceType.named(name)).isEmpty();
    }
}
