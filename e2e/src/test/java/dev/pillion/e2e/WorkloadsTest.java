package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that a controller creates from an annotated Pod template. */
@ExtendWith(Stage.class)
class WorkloadsTest {

    @Test
    void aDeploymentRollsOutWhenItsDatabaseIsAvailable(Sandbox sandbox) throws IOException {
        sandbox.createExample("deployment.yaml");
        sandbox.create(Manifests.service("postgres", 5432));
        sandbox.create(Manifests.listener("postgres", 5432));

        sandbox.kubectl("rollout", "status", "deployment/web", "--timeout=90s").orFail();

        assertThat(sandbox.pods("app.kubernetes.io/name=web")).hasSize(2).allSatisfy(pod -> assertThat(
                        Manifests.names(pod))
                .containsExactlyInAnyOrder("wait-for-postgres-5432", "log-tailer", "web"));
    }

    @Test
    void kubectlExecAndLogsSelectTheApp(Sandbox sandbox) throws IOException {
        sandbox.create(Manifests.service("postgres", 5432));
        sandbox.create(Manifests.listener("postgres", 5432));
        sandbox.createExample("deployment.yaml");
        String pod = sandbox.awaitReadyPodOf("app.kubernetes.io/name=web")
                .getMetadata()
                .getName();

        Command exec = sandbox.kubectl("exec", pod, "--", "sh", "-c", "echo $FIRSTNAME");
        Command logs = sandbox.kubectl("logs", pod);

        assertThat(exec.orFail()).isEqualToIgnoringNewLines("Piyush");
        assertThat(exec.errors()).doesNotContain("Defaulted container");
        logs.orFail();
        assertThat(logs.errors()).doesNotContain("Defaulted container");
    }

    @Test
    void everyPodOfAStatefulSetShipsItsLogs(Sandbox sandbox) {
        sandbox.create(LogService.MANIFEST);
        sandbox.create("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: ledger}
                spec:
                  serviceName: ledger
                  replicas: 2
                  selector: {matchLabels: {app: ledger}}
                  template:
                    metadata:
                      labels: {app: ledger}
                      annotations:
                        pillion.dev/inject: log-shipper
                        log-shipper.pillion.dev/endpoint: http://log-service:4318
                        log-shipper.pillion.dev/path: /var/lib/ledger/log
                    spec:
                      terminationGracePeriodSeconds: 1
                      volumes: [{name: data, emptyDir: {}}]
                      containers:
                        - name: ledger
                          image: busybox:1.37
                          command: [sh, -c, "mkdir -p /var/lib/ledger/log && echo entry of $HOSTNAME > /var/lib/ledger/log/a.log && sleep 3600"]
                          volumeMounts: [{name: data, mountPath: /var/lib/ledger}]
                """);

        sandbox.awaitLog("log-service", "collector", "entry of ledger-0");
        sandbox.awaitLog("log-service", "collector", "entry of ledger-1");
        // The app's own volume is shared. No volume was added for the logs.
        assertThat(sandbox.pod("ledger-0").getSpec().getVolumes())
                .extracting(volume -> volume.getName())
                .doesNotContain("pillion-var-lib-ledger-log");
    }

    @Test
    void aDaemonSetGetsItsCompanion(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata:
                      labels: {app: agent}
                      annotations: {pillion.dev/inject: logging}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                        - {name: agent, image: "busybox:1.37", command: [sh, -c, "echo from the agent > /var/log/app/agent.log; sleep 3600"]}
                """);

        Pod pod = sandbox.awaitReadyPodOf("app=agent");
        sandbox.awaitLog(pod.getMetadata().getName(), "log-tailer", "from the agent");
    }

    @Test
    void aPodOfACronJobWaitsForAService(Sandbox sandbox) throws IOException {
        sandbox.createExample("cronjob.yaml");
        sandbox.kubectl("create", "job", "by-hand", "--from=cronjob/nightly-report")
                .orFail();
        String pod = sandbox.awaitAnyPodOf("job-name=by-hand").getMetadata().getName();
        sandbox.awaitLog(pod, "wait-for-warehouse-5432", "waiting for tcp://warehouse:5432");

        sandbox.create(Manifests.service("warehouse", 5432));
        sandbox.create(Manifests.listener("warehouse", 5432));

        sandbox.awaitLog(pod, "log-tailer", "UTC");
    }
}
