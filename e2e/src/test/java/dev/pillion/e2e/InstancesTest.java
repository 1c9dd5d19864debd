package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same profile twice in the Pods of a Deployment, while its template changes. */
@ExtendWith(Stage.class)
class InstancesTest {

    @Test
    void eachInstanceHasItsOwnSettingsAndIsChangedAndRemovedAlone(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  strategy: {type: Recreate}
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata:
                      labels: {app: web}
                      annotations:
                        pillion.dev/inject: logging, audit.logging
                        audit.logging.pillion.dev/path: /var/log/audit
                        audit.logging.pillion.dev/files: "*.txt"
                        audit.logging.pillion.dev/user: "2000"
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                        - name: web
                          image: busybox:1.37
                          command:
                            - sh
                            - -c
                            - |
                              for directory in app audit access; do
                                mkdir -p /var/log/$directory
                                echo $directory log > /var/log/$directory/a.log
                                echo $directory text > /var/log/$directory/a.txt
                              done
                              exec sleep 3600
                """);
        Pod first = rolledOut(sandbox);
        assertLogs(sandbox, first, "log-tailer", "app log");
        assertLogs(sandbox, first, "log-tailer-audit", "audit text");
        assertThat(user(first, "log-tailer")).isEqualTo(65534);
        assertThat(user(first, "log-tailer-audit")).isEqualTo(2000);

        annotate(sandbox, "\"audit.logging.pillion.dev/path\": \"/var/log/access\"");
        Pod second = rolledOut(sandbox);
        assertThat(second.getMetadata().getName())
                .isNotEqualTo(first.getMetadata().getName());
        assertLogs(sandbox, second, "log-tailer", "app log");
        assertLogs(sandbox, second, "log-tailer-audit", "access text");
        assertThat(second.getSpec().getVolumes())
                .extracting(volume -> volume.getName())
                .contains("pillion-var-log-app", "pillion-var-log-access")
                .doesNotContain("pillion-var-log-audit");
        assertThat(Manifests.container(second, "log-tailer"))
                .as("the companion of the profile itself is the same, except for the name of the token's volume")
                .usingRecursiveComparison()
                .ignoringFields("volumeMounts")
                .isEqualTo(Manifests.container(first, "log-tailer"));

        annotate(
                sandbox,
                "\"pillion.dev/inject\": \"logging\", \"audit.logging.pillion.dev/path\": null,"
                        + " \"audit.logging.pillion.dev/files\": null, \"audit.logging.pillion.dev/user\": null");
        Pod third = rolledOut(sandbox);
        assertThat(Manifests.names(third)).containsExactlyInAnyOrder("log-tailer", "web");
        assertLogs(sandbox, third, "log-tailer", "app log");
        assertThat(third.getSpec().getVolumes())
                .extracting(volume -> volume.getName())
                .contains("pillion-var-log-app")
                .doesNotContain("pillion-var-log-access");
        assertThat(third.getMetadata().getAnnotations().toString()).doesNotContain("audit");
    }

    /** The only Pod, after the Deployment has replaced the others. */
    private static Pod rolledOut(Sandbox sandbox) {
        sandbox.kubectl("rollout", "status", "deployment/web", "--timeout=90s").orFail();
        List<Pod> pods = sandbox.pods("app=web").stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
        assertThat(pods).hasSize(1);
        return pods.getFirst();
    }

    private static void annotate(Sandbox sandbox, String annotations) {
        sandbox.kubectl(
                        "patch",
                        "deployment/web",
                        "--type=merge",
                        "--patch={\"spec\": {\"template\": {\"metadata\": {\"annotations\": {" + annotations + "}}}}}")
                .orFail();
    }

    /** The container has logged this line, and no line of another file. */
    private static void assertLogs(Sandbox sandbox, Pod pod, String container, String line) {
        String name = pod.getMetadata().getName();
        sandbox.awaitLog(name, container, line);
        assertThat(sandbox.logs(name, container)
                        .orFail()
                        .lines()
                        .filter(each -> each.endsWith(" log") || each.endsWith(" text")))
                .containsOnly(line);
    }

    private static long user(Pod pod, String container) {
        return Manifests.container(pod, container).getSecurityContext().getRunAsUser();
    }
}
