package dev.pillion.e2e;

import static dev.pillion.e2e.FailedContainer.assertShows;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What file-sync, config-reload and git-sync report while they cannot do their work, with the real rclone, reloader and git. */
@ExtendWith(Stage.class)
class SyncCausesTest {

    @Test
    void fileSyncReportsWhyNothingIsCopied(Sandbox sandbox) {
        sandbox.create(Manifests.service("store", 8080));
        sandbox.create(Manifests.store("webdav"));
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
                    [nobody]
                    type = webdav
                    url = http://nobody:8080
                    vendor = other
                """);
        sandbox.awaitReady("store");
        sandbox.create(fileSync("unresolved", "nobody:files", "pull", "file-sync"));
        sandbox.create(fileSync("unknown", "nothing:files", "pull", "file-sync"));
        sandbox.create(fileSync("missing", "store:missing", "pull", "file-sync"));
        sandbox.create(fileSync("unwritable", "store:files", "pull", "permissions, file-sync"));
        sandbox.create(fileSync("unreadable", "store:files", "push", "file-sync"));
        sandbox.create(fileSync("unreachable", "nobody:files", "push", "file-sync"));

        assertShows(sandbox, "unresolved", "file-sync-first", 1, "http://nobody:8080/files", "lookup nobody");
        assertShows(sandbox, "unknown", "file-sync-first", 1, "\"nothing:files\": didn't find section in config file");
        assertShows(sandbox, "missing", "file-sync-first", 3, "Failed to copy", "directory not found");
        assertShows(sandbox, "unwritable", "file-sync-first", 1, "Failed to copy", "/data/first", "permission denied");
        sandbox.awaitRepeatedLog("unreadable", "file-sync", "rclone failed with exit code 1: ");
        assertThat(sandbox.logs("unreadable", "file-sync").orFail())
                .contains("open /data/secret: permission denied", "; retry in 300 s", "; retry in 270 s");
        sandbox.awaitRepeatedLog("unreachable", "file-sync", "rclone failed with exit code 1: ");
        assertThat(sandbox.logs("unreachable", "file-sync")
                        .orFail()
                        .lines()
                        .filter(line -> line.startsWith("rclone failed with exit code 1: ")))
                .allMatch(line -> line.contains("lookup nobody"));
    }

    @Test
    void configReloadReportsWhyTheAppIsNotNotified(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: Secret
                metadata: {name: settings}
                stringData: {app.conf: mode=strict}
                """);
        sandbox.create(configReload("refused", "/etc/app", "sleep 3600", 444));
        sandbox.create(configReload("rejected", "/etc/app", "httpd -f -p 8080 -h /tmp", 444));
        sandbox.create(configReload("missing", "/etc/app/missing", "sleep 3600", 444));
        sandbox.create(configReload("unreadable", "/etc/app", "sleep 3600", 400));

        sandbox.awaitRepeatedLog("refused", "config-reload", ":8080: connect: connection refused");
        assertThat(sandbox.logs("refused", "config-reload").orFail()).contains("http://localhost:8080/-/reload");
        sandbox.awaitRepeatedLog("rejected", "config-reload", "received non-200 response: ");
        ContainerStateTerminated end = sandbox.awaitEnd("missing", "config-reload");
        assertThat(end.getExitCode()).isEqualTo(1);
        assertThat(end.getMessage()).contains("add directory /etc/app/missing to watcher", "no such file or directory");
        sandbox.awaitRepeatedLog("unreadable", "config-reload", "app.conf: permission denied");
    }

    @Test
    void gitSyncReportsWhyNothingIsFetched(Sandbox sandbox) {
        sandbox.create(Manifests.service("git", 8080));
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: git, labels: {app: git}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: git
                      image: registry.k8s.io/git-sync/git-sync:v4.4.2
                      env:
                        - {name: HOME, value: /tmp}
                        - {name: GIT_AUTHOR_NAME, value: test}
                        - {name: GIT_AUTHOR_EMAIL, value: test@example.com}
                        - {name: GIT_COMMITTER_NAME, value: test}
                        - {name: GIT_COMMITTER_EMAIL, value: test@example.com}
                      command:
                        - sh
                        - -ec
                        - |
                          git init --quiet --bare --initial-branch=main /tmp/www/site.git
                          cd /tmp/www/site.git
                          file=$(echo content | git hash-object -w --stdin)
                          tree=$(printf '100644 blob %s\\tindex.html\\n' "$file" | git mktree)
                          git update-ref refs/heads/main "$(git commit-tree -m first "$tree")"
                          git update-server-info
                          exec httpd -f -p 8080 -h /tmp/www
                      readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                """);
        sandbox.awaitReady("git");
        sandbox.create(gitSync("unresolved", "http://nobody/site.git", "main"));
        sandbox.create(gitSync("missing", "http://git:8080/missing.git", "main"));
        sandbox.create(gitSync("unknown", "http://git:8080/site.git", "no-such-branch"));
        sandbox.create(gitSync("ssh", "git@nobody:site.git", "main"));
        sandbox.create(gitSync("lost", "http://git:8080/site.git", "main"));
        sandbox.awaitReady("lost");
        assertThat(sandbox.exec("lost", "app", "cat", "/git/current/index.html"))
                .isEqualTo("content\n");
        assertShows(
                sandbox,
                "unknown",
                "git-sync-first",
                1,
                "cannot fetch http://git:8080/site.git (no-such-branch): fatal: couldn't find remote ref no-such-branch");
        sandbox.exec("git", "git", "mv", "/tmp/www/site.git", "/tmp/www/other.git");
        assertShows(
                sandbox,
                "unresolved",
                "git-sync-first",
                1,
                "cannot fetch http://nobody/site.git (main): fatal: unable to access 'http://nobody/site.git/': Could not resolve host: nobody");
        assertShows(
                sandbox,
                "missing",
                "git-sync-first",
                1,
                "cannot fetch http://git:8080/missing.git (main): fatal: repository 'http://git:8080/missing.git/' not found");
        assertShows(
                sandbox,
                "ssh",
                "git-sync-first",
                1,
                // Without a key, ssh prints a warning first.
                "cannot fetch git@nobody:site.git (main): ",
                "; ssh: Could not resolve hostname nobody: ",
                "; fatal: Could not read from remote repository.; Please make sure you have the correct access rights; ");
        String lost =
                "cannot fetch http://git:8080/site.git (main): fatal: repository 'http://git:8080/site.git/' not found";
        sandbox.awaitRepeatedLog("lost", "git-sync", lost);
        assertThat(sandbox.exec("lost", "app", "cat", "/git/current/index.html"))
                .isEqualTo("content\n");
        sandbox.exec("git", "git", "mv", "/tmp/www/other.git", "/tmp/www/site.git");
        sandbox.awaitLog("lost", "git-sync", "http://git:8080/site.git (main) can be fetched again");
    }

    private static String fileSync(String name, String remote, String direction, String profiles) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  labels: {e2e.pillion.dev/permitted: permissions}
                  annotations:
                    pillion.dev/inject: %s
                    file-sync.pillion.dev/remote: "%s"
                    file-sync.pillion.dev/secret: rclone
                    file-sync.pillion.dev/direction: %s
                    file-sync.pillion.dev/user: "2000"
                    permissions.pillion.dev/owner: "1000"
                    permissions.pillion.dev/mode: "0755"
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: data, emptyDir: {}}]
                  initContainers:
                    - name: files
                      image: busybox:1.37
                      command: [sh, -c, "touch /data/secret && chmod 600 /data/secret; exit 0"]
                      securityContext: {runAsUser: 1000}
                      volumeMounts: [{name: data, mountPath: /data}]
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sleep, "3600"]
                      volumeMounts: [{name: data, mountPath: /data}]
                """.formatted(name, profiles, remote, direction);
    }

    /** The app runs as root, and the companion as the user of its image. */
    private static String configReload(String name, String directory, String command, int mode) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  annotations:
                    pillion.dev/inject: config-reload
                    config-reload.pillion.dev/directories: %s
                    config-reload.pillion.dev/interval: 10s
                spec:
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: settings, secret: {secretName: settings, defaultMode: 0%d}}]
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sh, -c, "exec %s"]
                      ports: [{containerPort: 8080}]
                      volumeMounts: [{name: settings, mountPath: /etc/app}]
                """.formatted(name, directory, mode, command);
    }

    private static String gitSync(String name, String repository, String ref) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  annotations:
                    pillion.dev/inject: git-sync
                    git-sync.pillion.dev/repo: %s
                    git-sync.pillion.dev/ref: %s
                    git-sync.pillion.dev/depth: "0"
                    git-sync.pillion.dev/period: 10s
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """.formatted(name, repository, ref);
    }
}
