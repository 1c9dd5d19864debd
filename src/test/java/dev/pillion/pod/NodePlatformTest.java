package dev.pillion.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.pod.NodePlatform.System;
import dev.pillion.yaml.YamlReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodePlatformTest {

    private static System of(String spec) throws Exception {
        return Pod.of(YamlReader.read("spec: " + spec).getFirst().tree())
                .platform()
                .system();
    }

    private static String required(String terms) {
        return "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
                + terms + "]}}}}";
    }

    private static String term(String... expressions) {
        return "{matchExpressions: [" + String.join(", ", expressions) + "]}";
    }

    private static final String IN = "{key: kubernetes.io/os, operator: In, values: [windows]}";
    private static final String OLD_IN = "{key: beta.kubernetes.io/os, operator: In, values: [windows]}";
    private static final String NOT_LINUX = "{key: kubernetes.io/os, operator: NotIn, values: [linux]}";
    private static final String NOT_WINDOWS = "{key: kubernetes.io/os, operator: NotIn, values: [windows]}";
    private static final String BOTH = "{key: kubernetes.io/os, operator: In, values: [windows, linux]}";
    private static final String EXISTS = "{key: kubernetes.io/os, operator: Exists}";
    private static final String ZONE = "{key: topology.kubernetes.io/zone, operator: In, values: [windows]}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{os: {name: windows}}",
                "{os: {name: windows}, nodeSelector: {kubernetes.io/os: linux}}",
                "{nodeSelector: {kubernetes.io/os: windows}}",
                "{nodeSelector: {beta.kubernetes.io/os: windows}}",
                "{os: null, nodeSelector: {kubernetes.io/os: windows}, affinity: null}"
            })
    void isWindowsBySystemOrSelector(String spec) throws Exception {
        assertThat(of(spec)).isEqualTo(System.WINDOWS);
    }

    @org.junit.jupiter.api.Test
    void isWindowsByRequiredAffinityIfEveryTermImpliesIt() throws Exception {
        assertThat(of(required(term(IN)))).isEqualTo(System.WINDOWS);
        assertThat(of(required(term(OLD_IN)))).isEqualTo(System.WINDOWS);
        assertThat(of(required(term(NOT_LINUX)))).isEqualTo(System.WINDOWS);
        assertThat(of(required(term(ZONE, IN)))).isEqualTo(System.WINDOWS);
        assertThat(of(required(term(IN) + ", " + term(ZONE, OLD_IN)))).isEqualTo(System.WINDOWS);
    }

    @org.junit.jupiter.api.Test
    void isLinuxByAnyOtherAffinity() throws Exception {
        assertThat(of(required(term(NOT_WINDOWS)))).isEqualTo(System.LINUX);
        assertThat(of(required(term(BOTH)))).isEqualTo(System.LINUX);
        assertThat(of(required(term(EXISTS)))).isEqualTo(System.LINUX);
        assertThat(of(required(term(ZONE)))).isEqualTo(System.LINUX);
        assertThat(of(required(term(IN) + ", " + term(ZONE)))).isEqualTo(System.LINUX);
        assertThat(of(required("{}"))).isEqualTo(System.LINUX);
        assertThat(of(required(""))).isEqualTo(System.LINUX);
        assertThat(of("{affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution:"
                        + " [{weight: 1, preference: " + term(IN) + "}]}}}"))
                .isEqualTo(System.LINUX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{securityContext: {windowsOptions: {runAsUserName: ContainerUser}}}",
                "{containers: [{name: a}, {name: b, securityContext: {windowsOptions: {hostProcess: true}}}]}",
                "{initContainers: [{name: a, securityContext: {windowsOptions: {gmsaCredentialSpecName: g}}}]}",
                "{nodeSelector: {node.kubernetes.io/windows-build: 10.0.20348}}",
                "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: node.kubernetes.io/windows-build, operator: Exists}]}]}}}}",
                "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: node.kubernetes.io/windows-build, operator: In, values: [10.0.20348]}]}]}}}}"
            })
    void isWindowsBySettingsThatKeepNoPodOffLinuxNodes(String spec) throws Exception {
        assertThat(of(spec)).isEqualTo(System.WINDOWS_BY_SETTINGS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{os: {name: linux}, nodeSelector: {kubernetes.io/os: windows}}",
                "{os: {name: linux}, securityContext: {windowsOptions: {hostProcess: true}}}",
                "{nodeSelector: {kubernetes.io/os: linux}, securityContext: {windowsOptions: {hostProcess: true}}}",
                "{securityContext: {windowsOptions: {}}}",
                "{securityContext: {windowsOptions: {hostProcess: false}}}",
                "{securityContext: {windowsOptions: null}}",
                "{runtimeClassName: windows-2022}",
                "{nodeSelector: {example.com/os: windows}}",
                "{tolerations: [{key: os, value: windows}]}"
            })
    void isLinuxOtherwise(String spec) throws Exception {
        assertThat(of(spec)).isEqualTo(System.LINUX);
    }
}
