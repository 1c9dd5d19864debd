package dev.pillion.e2e;

import static dev.pillion.e2e.FailedContainer.assertShows;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the log and the Pod's state show if a permissions or migrate companion fails. */
@ExtendWith(Stage.class)
class InitCausesTest {

    /** A copy of the profile permissions without the capability CHOWN, and a policy that permits both. */
    static String catalog() throws IOException {
        String profile = Files.readString(Environment.ROOT.resolve("src/main/resources/profiles/permissions.yaml"));
        String powerless = profile.replaceFirst("name: permissions\n", "name: permissions-without-chown\n")
                .replace("add: [CHOWN, ", "add: [");
        assertThat(powerless).contains("add: [FOWNER, ");
        return powerless + """
                ---
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: e2e-permits-permissions}
                spec:
                  mode: Permit
                  match: {podSelector: {matchLabels: {e2e.pillion.dev/permitted: permissions}}}
                  profiles: [{name: permissions}, {name: permissions-without-chown}]
                """;
    }

    @Test
    void permissionsReportsAFileThatCannotBeChanged(Sandbox sandbox) {
        sandbox.create(permissions("missing", "permissions", "/data/missing"));
        sandbox.create(permissions("powerless", "permissions-without-chown", "/data"));

        assertShows(
                sandbox,
                "missing",
                "permissions",
                1,
                "setting the owner of /data/missing to 1000:1000",
                "chown: /data/missing: No such file or directory",
                "could not set the owner of /data/missing to 1000:1000: ");
        assertShows(
                sandbox,
                "powerless",
                "permissions",
                1,
                "chown: /data: Operation not permitted",
                "could not set the owner of /data to 1000:1000: ");
    }

    @Test
    void migrateReportsTheErrorOfItsCommandAndItsExitCode(Sandbox sandbox) {
        sandbox.create(migrate("refused", "[\"wget\", \"-O-\", \"http://127.0.0.1:5432/\"]"));
        sandbox.create(migrate("broken", "[\"sh\", \"-c\", \"echo relation orders does not exist >&2; exit 7\"]"));
        sandbox.create(migrate("missing", "[\"bin/migrate\"]"));

        assertShows(sandbox, "refused", "migrate", 1, "can't connect to remote host", "Connection refused");
        assertShows(sandbox, "broken", "migrate", 7, "relation orders does not exist");
        // The container does not start, so the log is empty.
        ContainerStateTerminated missing = sandbox.awaitEnd("missing", "migrate");
        assertThat(missing.getReason()).isEqualTo("StartError");
        assertThat(missing.getExitCode()).isEqualTo(128);
        assertThat(missing.getMessage()).contains("exec: \"bin/migrate\"", "no such file or directory");
    }

    private static String permissions(String name, String profile, String path) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %1$s
                  labels: {e2e.pillion.dev/permitted: permissions}
                  annotations:
                    pillion.dev/inject: %2$s
                    %2$s.pillion.dev/path: %3$s
                    %2$s.pillion.dev/owner: 1000:1000
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: data, emptyDir: {}}]
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sleep, "3600"]
                      volumeMounts: [{name: data, mountPath: /data}]
                """.formatted(name, profile, path);
    }

    private static String migrate(String name, String command) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  annotations:
                    pillion.dev/inject: migrate
                    migrate.pillion.dev/command: '%s'
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """.formatted(name, command);
    }
}
