package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The messages that companions log while they wait or fail, with the DNS and the API server of a real cluster. */
@ExtendWith(Stage.class)
class CompanionCausesTest {

    private static final String ROLE = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: wait-for}
            rules:
              - {apiGroups: [batch], resources: [jobs], verbs: [get]}
              - {apiGroups: [""], resources: [pods], verbs: [list]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: wait-for}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: wait-for}
            subjects: [{kind: ServiceAccount, name: default}]
            """;

    @Test
    void waitForNamesAnUnresolvedHostAndRepeatsTheMessage(Sandbox sandbox) {
        sandbox.create(waiting("dns://nobody"));

        String cause = "waiting for dns://nobody: the name nobody does not resolve";
        sandbox.awaitLog("app", "wait-for-nobody", cause);
        sandbox.awaitRepeatedLog("app", "wait-for-nobody", cause);
    }

    @Test
    void waitForReportsThatAServiceWithoutPodsAcceptsNoConnection(Sandbox sandbox) {
        sandbox.create(Manifests.service("empty", 80));
        sandbox.create(waiting("http://empty/"));

        sandbox.awaitLog("app", "wait-for-empty", "waiting for http://empty:80/: Failed to connect to empty port 80");
    }

    @Test
    void waitForReportsACertificateThatIsNotFromAPublicAuthority(Sandbox sandbox) {
        sandbox.create(waiting("https://kubernetes.default/healthz"));

        sandbox.awaitLog("app", "wait-for-kubernetes-default", "TLS error: SSL certificate problem: ");
    }

    @Test
    void waitForRepeatsTheApiServersMessageAboutAJob(Sandbox sandbox) {
        sandbox.create(waiting("job/import"));
        sandbox.awaitLog(
                "app", "wait-for-job-import", "waiting for job/import: jobs.batch \"import\" is forbidden: User");

        sandbox.create(ROLE);
        sandbox.awaitLog("app", "wait-for-job-import", "waiting for job/import: jobs.batch \"import\" not found");

        sandbox.create(job("false"));
        sandbox.awaitLog("app", "wait-for-job-import", "waiting for job/import: the Job has failed: Job has reached");

        sandbox.kubectl("delete", "job/import", "--wait").orFail();
        sandbox.create(job("true"));
        sandbox.awaitReady("app");
    }

    @Test
    void waitForNamesThePodThatIsNotReady(Sandbox sandbox) {
        sandbox.create(ROLE);
        sandbox.create(waiting("pod/app=db"));
        sandbox.awaitLog("app", "wait-for-pod-app-db", "waiting for pod/app=db: no Pod has these labels");

        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: db, labels: {app: db}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: db
                      image: busybox:1.37
                      command: [sleep, "3600"]
                      readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1}
                """);
        sandbox.awaitLog("app", "wait-for-pod-app-db", "db is not ready: containers with unready status: [db]");
        sandbox.kubectl("wait", "--for=jsonpath={.status.containerStatuses[0].started}=true", "--timeout=60s", "pod/db")
                .orFail();
        sandbox.exec("db", "db", "touch", "/tmp/ready");

        sandbox.awaitReady("app");
    }

    @Test
    void loggingReportsAFileThatItsUserMayNotRead(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations:
                    pillion.dev/inject: logging
                    logging.pillion.dev/path: /var/log/app, /var/log/other
                    logging.pillion.dev/user: "2000"
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sh, -c, "cd /var/log/app && echo secret > a.log && chmod 600 a.log && exec sleep 3600"]
                      securityContext: {runAsUser: 1000}
                """);

        sandbox.awaitLog("app", "log-tailer", "logging: cannot read /var/log/app/a.log: Permission denied");
        sandbox.exec("app", "app", "chmod", "644", "/var/log/app/a.log");
        sandbox.awaitLog("app", "log-tailer", "secret");
        sandbox.awaitLog("app", "log-tailer", "logging: no file in /var/log/other matches *.log");
    }

    @Test
    void backupReportsAnUnreachableRepository(Sandbox sandbox) {
        sandbox.create(Manifests.backup("rest:http://nobody/shop"));

        sandbox.awaitLog("app", "backup", "the backup failed: ");
        assertThat(sandbox.logs("app", "backup").orFail())
                // The rest of the message depends on the name server: "no such host" or "server misbehaving".
                .contains("the backup failed: Fatal: ", "dial tcp: lookup nobody");
    }

    @Test
    void prefetchReportsAFullVolume(Sandbox sandbox) {
        sandbox.create(Manifests.service("files", 8080));
        sandbox.create(Manifests.listener("files", 8080));
        sandbox.awaitReady("files");
        sandbox.exec("files", "listener", "dd", "if=/dev/zero", "of=/tmp/www/big", "bs=1M", "count=4");
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations:
                    pillion.dev/inject: prefetch
                    prefetch.pillion.dev/url: http://files:8080/big
                    prefetch.pillion.dev/sha256: "%s"
                    prefetch.pillion.dev/retries: "0"
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: small, emptyDir: {medium: Memory, sizeLimit: 1Mi}}]
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sleep, "3600"]
                      volumeMounts: [{name: small, mountPath: /prefetch}]
                """.formatted("0".repeat(64)));

        sandbox.awaitPhase("app", "Failed");
        assertThat(sandbox.logs("app", "prefetch").orFail())
                .contains("No space left on device", "cannot download http://files:8080/big");
        assertThat(sandbox.kubectl("describe", "pod", "app").orFail())
                .contains("cannot download http://files:8080/big");
    }

    private static String job(String command) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: import}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: import, image: "busybox:1.37", command: ["%s"]}]
                """.formatted(command);
    }

    private static String waiting(String target) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations: {pillion.dev/wait-for: "%s"}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """.formatted(target);
    }
}
