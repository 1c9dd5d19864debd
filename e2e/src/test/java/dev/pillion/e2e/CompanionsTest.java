package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Built-in companions that the tutorials do not use. */
@ExtendWith(Stage.class)
class CompanionsTest {

    @Test
    void prefetchKeepsAFileWithTheExpectedChecksum(Sandbox sandbox) throws Exception {
        sandbox.create(Manifests.service("files", 8080));
        sandbox.create(Manifests.listener("files", 8080));
        sandbox.awaitReady("files");

        sandbox.create(fetching("app", sha256("files\n")));

        sandbox.awaitReady("app");
        assertThat(sandbox.exec("app", "app", "cat", "/prefetch/index.html")).isEqualTo("files\n");
    }

    @Test
    void prefetchRejectsAFileWithAnotherChecksum(Sandbox sandbox) throws Exception {
        sandbox.create(Manifests.service("files", 8080));
        sandbox.create(Manifests.listener("files", 8080));
        sandbox.awaitReady("files");

        sandbox.create(fetching("app", sha256("another file")));

        sandbox.awaitPhase("app", "Failed");
        assertThat(sandbox.logs("app", "prefetch").orFail()).contains("has the SHA-256 checksum " + sha256("files\n"));
    }

    @Test
    void migrateRunsTheAppsOwnImageBeforeTheApp(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations:
                    pillion.dev/inject: migrate
                    migrate.pillion.dev/command: '["sh", "-c", "echo migrated $TABLE > /data/version"]'
                spec:
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: data, emptyDir: {}}]
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sleep, "3600"]
                      env: [{name: TABLE, value: orders}]
                      volumeMounts: [{name: data, mountPath: /data}]
                      securityContext: {runAsUser: 1000}
                """);

        sandbox.awaitReady("app");
        assertThat(sandbox.exec("app", "app", "cat", "/data/version")).isEqualToIgnoringNewLines("migrated orders");
    }

    @Test
    void waitForDelaysThePodUntilAJobIsCompleteAndOtherPodsAreReady(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: wait-for}
                rules:
                  - {apiGroups: [batch], resources: [jobs], verbs: [get, list, watch]}
                  - {apiGroups: [""], resources: [pods], verbs: [get, list, watch]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: wait-for}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: wait-for}
                subjects: [{kind: ServiceAccount, name: default}]
                ---
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations: {pillion.dev/wait-for: "job/import, pod/app=db"}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """);
        sandbox.awaitPod("app", "an init container runs", pod -> pod.getStatus().getInitContainerStatuses().stream()
                .anyMatch(status -> status.getState().getRunning() != null));

        sandbox.create("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: import}
                spec:
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: import, image: "busybox:1.37", command: ["true"]}]
                """);
        sandbox.create(Manifests.listener("db", 5432));

        sandbox.awaitReady("app");
    }

    @Test
    void backupSavesASnapshot(Sandbox sandbox) {
        sandbox.create(Manifests.service("store", 8080));
        sandbox.create(Manifests.store("restic"));
        sandbox.awaitReady("store");

        sandbox.create(Manifests.backup("rest:http://store:8080/shop"));

        sandbox.awaitLog("app", "backup", " saved");
        sandbox.awaitLog("app", "backup", "keep 1 snapshots");
    }

    @Test
    void fileSyncCopiesPeriodically(Sandbox sandbox) {
        sandbox.create(Manifests.service("store", 8080));
        sandbox.create(Manifests.store("webdav --dir-cache-time 1s"));
        sandbox.awaitReady("store");

        sandbox.create("""
                apiVersion: v1
                kind: Secret
                metadata: {name: rclone}
                stringData:
                  rclone.conf: |
                    [store]
                    type = webdav
                    url = http://store:8080
                    vendor = other
                ---
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations:
                    pillion.dev/inject: file-sync
                    file-sync.pillion.dev/remote: "store:files"
                    file-sync.pillion.dev/secret: rclone
                    file-sync.pillion.dev/interval: 1s
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """);

        sandbox.awaitReady("app");
        assertThat(sandbox.exec("app", "app", "cat", "/data/first")).isEqualTo("1\n");
        sandbox.exec("store", "store", "sh", "-c", "echo 2 > /tmp/store/files/second");
        sandbox.awaitLog("app", "file-sync", "second: Copied (new)");
        assertThat(sandbox.exec("app", "app", "cat", "/data/second")).isEqualTo("2\n");
    }

    /** The server accepts connections and never answers, so the init container runs while the test looks at its environment. */
    @Test
    void gitSyncHasAUserNameForSshAndAWritableHomeAndReportsThatItWaits(Sandbox sandbox) {
        sandbox.create(Manifests.service("silent", 22));
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: silent, labels: {app: silent}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - {name: silent, image: "busybox:1.37", command: [nc, -ll, -p, "22", -e, sleep, "3600"]}
                """);
        sandbox.awaitReady("silent");
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations:
                    pillion.dev/inject: git-sync
                    git-sync.pillion.dev/repo: git@silent:team/site.git
                    git-sync.pillion.dev/user: "1234"
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """);
        sandbox.awaitLog("app", "git-sync-first", "still fetching git@silent:team/site.git (HEAD)");

        String script = """
                id -un
                touch "$HOME/a" "$TMPDIR/b" && echo can write
                touch /tmp/a /etc/passwd 2>&1
                exit 0
                """;
        assertThat(sandbox.exec("app", "git-sync-first", "sh", "-c", script))
                .startsWith("git-sync\ncan write\n")
                .containsOnlyOnce("/tmp/a: Read-only file system")
                .containsOnlyOnce("/etc/passwd: Read-only file system");
    }

    private static String fetching(String name, String sha256) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  annotations:
                    pillion.dev/inject: prefetch
                    prefetch.pillion.dev/url: http://files:8080/index.html
                    prefetch.pillion.dev/sha256: "%s"
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """.formatted(name, sha256);
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes()));
    }
}
