package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A live Pod from {@code kubectl get pod -o yaml}. Additions of Kubernetes to companions are not reported as edits. */
class LivePodTest {

    private static final String LIMIT_RANGER = "kubernetes.io/limit-ranger";
    private static final String SCC = "openshift.io/scc";

    private Trial.Result injected;
    private ObjectNode pod;
    private ObjectNode companion;

    @BeforeEach
    void inject() {
        given(annotated("pillion.dev/inject: logging").injected());
    }

    private void given(Trial.Result result) {
        injected = result;
        pod = result.pod().deepCopy();
        companion = (ObjectNode) pod.at("/spec/initContainers/0");
    }

    private List<String> edits() {
        return injected.trial().again(pod).uninjection().edits();
    }

    private void annotate(String name, String value) {
        pod.withObject("/metadata/annotations").put(name, value);
    }

    @Nested
    class InANamespaceWithALimitRange {

        @BeforeEach
        void setLimits() {
            companion.withObject("/resources/limits").put("cpu", "500m").put("ephemeral-storage", "1Gi");
            companion.withObject("/resources/requests").put("ephemeral-storage", "100Mi");
            pod.withObject("/spec/containers/0/resources/limits")
                    .put("cpu", "500m")
                    .put("memory", "512Mi");
            annotate(
                    LIMIT_RANGER,
                    "LimitRanger plugin set: cpu, memory request for container web; cpu, memory limit for container web;"
                            + " ephemeral-storage request for init container log-tailer; cpu, ephemeral-storage limit for init container log-tailer");
        }

        @Test
        void hasNoChanges() {
            assertThat(edits()).isEmpty();
        }

        @Test
        void hasAChangeOfAnotherResource() {
            companion.withObject("/resources/limits").put("memory", "1Gi");

            assertThat(edits()).containsExactly(changed("resources"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "LimitRanger plugin set: cpu limit for container log-tailer",
                    "LimitRanger plugin set: cpu limit for init container log-tailer",
                    "LimitRanger plugin set: ephemeral-storage request for init container other",
                    "LimitRanger plugin set: cpu, ephemeral-storage limit for init container log-tailer",
                    ": ; for ; x for y; request for init container log-tailer",
                    ""
                })
        void hasAChangeThatTheAnnotationDoesNotName(String annotation) {
            annotate(LIMIT_RANGER, annotation);

            assertThat(edits()).containsExactly(changed("resources"));
        }

        @Test
        void hasAChangeIfTheAnnotationIsMissing() {
            ((ObjectNode) pod.at("/metadata/annotations")).remove(LIMIT_RANGER);

            assertThat(edits()).containsExactly(changed("resources"));
        }
    }

    @Test
    void hasRequestsThatTheApiServerDerivesFromLimits() {
        given(annotated("pillion.dev/inject: a").withProfiles(profile("a", """
                        sidecars:
                          - {name: a, image: "a:1", resources: {requests: {cpu: 10m}, limits: {cpu: 10m, memory: 1Gi}}}
                        """)).injected());
        companion.withObject("/resources/requests").put("memory", "1024Mi");

        assertThat(edits()).isEmpty();

        companion.withObject("/resources/requests").put("memory", "512Mi");

        assertThat(edits()).containsExactly(changed("resources"));
    }

    @Nested
    class OnOpenShift {

        @BeforeEach
        void inject() {
            given(annotated("pillion.dev/inject: plain")
                    .withProfiles(profile("plain", "sidecars: [{name: plain, image: 'plain:1'}]"))
                    .injected());
            annotate(SCC, "restricted-v2");
            pod.withObject("/spec/securityContext")
                    .put("fsGroup", 1000680000)
                    .set("seLinuxOptions", yaml("{level: 's0:c26,c20'}"));
        }

        /** The security context constraint restricted-v2 sets these fields. */
        @Test
        void hasAnAssignedUserAndNoChange() {
            ObjectNode context = companion.withObject("/securityContext");
            context.put("runAsUser", 1000680000).put("runAsNonRoot", true).put("allowPrivilegeEscalation", false);
            context.set("capabilities", yaml("{drop: [ALL]}"));

            assertThat(edits()).isEmpty();
        }

        /** The older restricted-v1 also sets the SELinux level of each container. */
        @Test
        void hasAnAssignedSecurityLevelAndNoChange() {
            ObjectNode context = companion.withObject("/securityContext");
            context.put("runAsUser", 1000680000).set("seLinuxOptions", yaml("{level: 's0:c26,c20'}"));

            assertThat(edits()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{runAsUser: 0}",
                    "{privileged: true}",
                    "{allowPrivilegeEscalation: true}",
                    "{readOnlyRootFilesystem: false}",
                    "{capabilities: {add: [NET_ADMIN]}}",
                    "{runAsGroup: 5}"
                })
        void hasAChangeThatOpenShiftDoesNotMake(String change) {
            companion
                    .withObject("/securityContext")
                    .put("runAsUser", 1000680000)
                    .setAll((ObjectNode) yaml(change));

            assertThat(edits()).containsExactly(changed("securityContext"));
        }

        @Test
        void hasAChangeIfTheAnnotationIsMissing() {
            ((ObjectNode) pod.at("/metadata/annotations")).remove(SCC);
            companion.withObject("/securityContext").put("runAsUser", 1000680000);

            assertThat(edits()).containsExactly(changed("securityContext"));
        }
    }

    @Test
    void hasPortsOfTheHostOnlyInTheHostsNetwork() {
        given(Trial.of("""
                        metadata: {name: web, annotations: {pillion.dev/inject: a}}
                        spec: {hostNetwork: true, containers: [{name: web, image: nginx}]}
                        """)
                .withProfiles(profile("a", "sidecars: [{name: a, image: 'a:1', ports: [{containerPort: 9000}]}]"))
                .injected());
        ((ObjectNode) companion.at("/ports/0")).put("hostPort", 9000).put("protocol", "TCP");

        assertThat(edits()).isEmpty();

        ((ObjectNode) pod.path("spec")).remove("hostNetwork");

        assertThat(edits()).containsExactly(changed("ports"));
    }

    @ParameterizedTest
    @CsvSource({"NotRequired, 0", "RestartContainer, 1"})
    void hasAPolicyForResizes(String policy, int changes) {
        companion.set(
                "resizePolicy",
                yaml("[{resourceName: cpu, restartPolicy: NotRequired}, {resourceName: memory, restartPolicy: %s}]"
                        .formatted(policy)));

        assertThat(edits()).hasSize(changes);
    }

    /** What the plug-ins ServiceAccount, DefaultTolerationSeconds and Priority add to the Pod. */
    @Test
    void hasTheTokenTheTolerationsAndThePriority() {
        given(annotated("pillion.dev/inject: a")
                .withPolicies(
                        profile("a", """
                                sidecars: [{name: a, image: "a:1"}]
                                pod: {tolerations: [{key: gpu, operator: Exists}], priorityClassName: high}
                                """), Trial.policy("permit", "mode: Permit\nmatch: {}\nprofiles: [{name: a}]"))
                .injected());
        companion
                .withArray("/volumeMounts")
                .add(
                        yaml(
                                "{name: kube-api-access-x, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}"));
        ArrayNode tolerations = (ArrayNode) pod.at("/spec/tolerations");
        tolerations.add(yaml(
                "{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 300}"));
        ((ObjectNode) pod.path("spec"))
                .put("priority", 1000)
                .put("preemptionPolicy", "PreemptLowerPriority")
                .put("nodeName", "node-1")
                .put("serviceAccountName", "default");

        assertThat(edits()).isEmpty();
    }

    private String changed(String field) {
        return field + " of container " + companion.path("name").asText()
                + " was changed after the injection, and the change is removed too";
    }
}
