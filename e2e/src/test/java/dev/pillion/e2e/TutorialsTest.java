package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Pods of the tutorials, as in {@code examples/}, from their creation until they run. */
@ExtendWith(Stage.class)
class TutorialsTest {

    @Test
    void delaysMyappUntilBothServicesExist(Sandbox sandbox) throws IOException {
        sandbox.createExample("myapp-pod.yaml");
        sandbox.awaitLog("myapp-pod", "wait-for-myservice", "waiting for dns://myservice");
        assertThat(sandbox.pod("myapp-pod").getStatus().getPhase()).isEqualTo("Pending");

        sandbox.create(Manifests.service("myservice", 80));
        sandbox.awaitLog("myapp-pod", "wait-for-myservice", "dns://myservice is available");
        sandbox.awaitLog("myapp-pod", "wait-for-mydb", "waiting for dns://mydb");
        assertThat(sandbox.pod("myapp-pod").getStatus().getPhase()).isEqualTo("Pending");

        sandbox.create(Manifests.service("mydb", 80));
        sandbox.awaitReady("myapp-pod");
        sandbox.awaitLog("myapp-pod", "myapp-container", "The app is running!");
        assertThat(sandbox.variable("myapp-pod", "myapp-container", "FIRSTNAME"))
                .isEqualTo("Piyush");
    }

    @Test
    void delaysNginxUntilItsDatabaseAcceptsConnections(Sandbox sandbox) throws IOException {
        sandbox.createExample("pod-with-init-container.yaml");
        sandbox.awaitLog("pod-with-init-container", "wait-for-db-service-5432", "waiting for tcp://db-service:5432");
        sandbox.create(Manifests.service("db-service", 5432));
        assertThat(sandbox.pod("pod-with-init-container").getStatus().getPhase())
                .isEqualTo("Pending");

        sandbox.create(Manifests.listener("db-service", 5432));
        sandbox.awaitReady("pod-with-init-container");
    }

    @Test
    void sharesTheLogDirectoryWithTheCollector(Sandbox sandbox) throws IOException {
        sandbox.createExample("pod-with-sidecar.yaml");

        Pod pod = sandbox.awaitReady("pod-with-sidecar");
        assertThat(pod.getSpec().getVolumes())
                .anyMatch(volume -> volume.getName().equals("log-volume"));
        assertThat(Manifests.container(pod, "app-container"))
                .extracting(Container::getVolumeMounts)
                .satisfies(mounts -> assertThat(mounts)
                        .filteredOn(mount -> mount.getMountPath().equals("/var/log/nginx"))
                        .extracting(VolumeMount::getName)
                        .containsExactly("log-volume"));
    }

    @Test
    void streamsTheLogOfNginxToTheSidecarsStandardOutput(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web
                  annotations:
                    pillion.dev/inject: logging
                    logging.pillion.dev/path: /var/log/nginx
                spec:
                  containers:
                    - {name: nginx, image: "nginx:1.27", ports: [{containerPort: 80}]}
                """);
        sandbox.awaitReady("web");

        sandbox.exec("web", "log-tailer", "wget", "-q", "-O", "/dev/null", "http://localhost/?seen-by-the-sidecar");

        sandbox.awaitLog("web", "log-tailer", "GET /?seen-by-the-sidecar");
    }
}
