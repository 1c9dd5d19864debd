package dev.pillion.catalog.compile;

import static dev.pillion.catalog.compile.Profiles.container;
import static dev.pillion.catalog.compile.Profiles.tree;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adds the fields of the {@code restricted} Pod Security Standard and requests. The profile's own fields do not change. */
class HardeningTest {

    private static final String REQUESTS = "{requests: {cpu: 10m, memory: 32Mi}}";

    @Test
    void addsDefaultsToAContainer() {
        assertThat(container("image: busybox")).isEqualTo(tree("""
                name: a
                image: busybox
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities: {drop: [ALL]}
                  runAsNonRoot: true
                  seccompProfile: {type: RuntimeDefault}
                resources: {requests: {cpu: 10m, memory: 32Mi}}
                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{runAsUser: 0, runAsNonRoot: false}         | {runAsUser: 0, runAsNonRoot: false, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}",
                "{runAsUser: 101}                            | {runAsUser: 101, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
                "{capabilities: {add: [NET_ADMIN]}}          | {capabilities: {add: [NET_ADMIN], drop: [ALL]}, allowPrivilegeEscalation: false, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
                "{capabilities: {drop: [NET_RAW]}}           | {capabilities: {drop: [NET_RAW]}, allowPrivilegeEscalation: false, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
                "{seccompProfile: {type: Unconfined}}        | {seccompProfile: {type: Unconfined}, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true}",
                "{allowPrivilegeEscalation: true}            | {allowPrivilegeEscalation: true, capabilities: {drop: [ALL]}, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
                "{readOnlyRootFilesystem: true}              | {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
                // The API server refuses allowPrivilegeEscalation: false in a container that is privileged or has
                // CAP_SYS_ADMIN.
                "{privileged: true}                          | {privileged: true, capabilities: {drop: [ALL]}, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
                "{capabilities: {add: [SYS_ADMIN]}}          | {capabilities: {add: [SYS_ADMIN], drop: [ALL]}, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
                "{privileged: false}                         | {privileged: false, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
            })
    void keepsTheSecurityContextOfTheProfile(String context, String hardened) {
        assertThat(container("image: busybox\nsecurityContext: " + context).path("securityContext"))
                .isEqualTo(tree(hardened));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                          | {requests: {cpu: 10m, memory: 32Mi}}",
                "{requests: {}}                              | {requests: {cpu: 10m, memory: 32Mi}}",
                "{requests: {cpu: 1}}                        | {requests: {cpu: 1, memory: 32Mi}}",
                "{requests: {memory: 1Gi}}                   | {requests: {memory: 1Gi, cpu: 10m}}",
                "{requests: {cpu: 1, memory: 1Gi}}           | {requests: {cpu: 1, memory: 1Gi}}",
                // A limit is the request if there is no request.
                "{limits: {cpu: 1, memory: 1Gi}}             | {limits: {cpu: 1, memory: 1Gi}}",
                "{limits: {memory: 1Gi}}                     | {limits: {memory: 1Gi}, requests: {cpu: 10m}}",
                "{limits: {nvidia.com/gpu: 1}}               | {limits: {nvidia.com/gpu: 1}, requests: {cpu: 10m, memory: 32Mi}}",
            })
    void addsRequestsIfTheContainerHasNone(String resources, String expected) {
        assertThat(container("image: busybox\nresources: " + resources).path("resources"))
                .isEqualTo(tree(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "securityContext: null                  | securityContext",
                "securityContext: {capabilities: null}  | securityContext.capabilities",
                "resources: null                        | resources",
                "resources: {requests: null}            | resources.requests",
            })
    void treatsNullAsAbsent(String fields, String path) {
        // when
        var hardened = container("image: busybox\n" + fields);

        // then
        assertThat(hardened.at("/securityContext/capabilities/drop")).isEqualTo(tree("[ALL]"));
        assertThat(hardened.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
        assertThat(hardened.path("resources")).as(path).isEqualTo(tree(REQUESTS));
    }

    @Test
    void keepsAnExpression() {
        assertThat(container("""
                image: busybox
                securityContext: "${{'runAsUser': 5}}"
                resources: "${{'limits': {'cpu': '1'}}}"
                """)).hasToString(tree("""
                name: a
                image: busybox
                securityContext: {runAsUser: 5}
                resources: {limits: {cpu: "1"}}
                """).toString());
    }
}
