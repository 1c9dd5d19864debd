package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Injected Pods meet the admission rules of a cluster: Pod Security, quotas and limits. */
@ExtendWith(Stage.class)
class AdmissionRulesTest {

    private static final String WITH_EVERYTHING = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: app
              annotations:
                pillion.dev/inject: logging, proxy, log-shipper, env
                pillion.dev/wait-for: dns://log-service, log-service:4318, http://log-service:4318/v1/logs
                wait-for.pillion.dev/timeout: 1s
                log-shipper.pillion.dev/endpoint: http://log-service:4318
                env.pillion.dev/variables: GREETING=hello
            spec:
              terminationGracePeriodSeconds: 1
              securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
              containers:
                - name: app
                  image: busybox:1.37
                  command: [sleep, "3600"]
                  ports: [{containerPort: 8080}]
                  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                  resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 32Mi, cpu: 500m}}
            """;

    @Test
    void injectedPodsMeetTheRestrictedPodSecurityStandard(Sandbox sandbox) {
        sandbox.label("pod-security.kubernetes.io/enforce=restricted");
        sandbox.label("pod-security.kubernetes.io/warn=restricted");

        Command created = sandbox.tryToCreate(WITH_EVERYTHING);

        assertThat(created.orFail()).contains("pod/app created");
        assertThat(created.errors()).isEmpty();
        assertInjected(sandbox);
    }

    @Test
    void companionsRunUnderTheRestrictedPodSecurityStandard(Sandbox sandbox) {
        sandbox.label("pod-security.kubernetes.io/enforce=restricted");
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations:
                    pillion.dev/inject: logging, proxy, log-shipper
                    pillion.dev/wait-for: dns://kubernetes.default, kubernetes.default:443
                    log-shipper.pillion.dev/endpoint: http://nowhere:4318
                spec:
                  terminationGracePeriodSeconds: 1
                  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sh, -c, "echo written by $(id -u) > /var/log/app/app.log; sleep 3600"]
                      ports: [{containerPort: 8080}]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """);

        Pod pod = sandbox.awaitReady("app");
        sandbox.awaitLog("app", "log-tailer", "written by 1000");
        assertThat(Manifests.names(pod)).contains("proxy", "log-shipper", "wait-for-kubernetes-default");
    }

    @Test
    void injectedPodsFitAQuotaOnRequests(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: quota}
                spec: {hard: {requests.cpu: "1", requests.memory: 1Gi, limits.memory: 2Gi}}
                """);
        sandbox.kubectl(
                        "wait",
                        "resourcequota/quota",
                        "--for=jsonpath={.status.used.requests\\.cpu}=0",
                        "--timeout=30s")
                .orFail();

        sandbox.create(WITH_EVERYTHING);

        assertInjected(sandbox);
    }

    @Test
    void injectedPodsFitALimitRange(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: LimitRange
                metadata: {name: limits}
                spec:
                  limits:
                    - type: Container
                      default: {cpu: 500m, memory: 128Mi}
                      defaultRequest: {cpu: 10m, memory: 16Mi}
                      max: {cpu: "1", memory: 512Mi}
                """);

        sandbox.create(WITH_EVERYTHING);

        assertInjected(sandbox);
    }

    private static void assertInjected(Sandbox sandbox) {
        assertThat(Manifests.names(sandbox.pod("app")))
                .contains("log-tailer", "proxy", "log-shipper", "app")
                .filteredOn(name -> name.startsWith("wait-for-"))
                .hasSize(3);
    }
}
