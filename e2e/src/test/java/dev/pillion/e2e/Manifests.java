package dev.pillion.e2e;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.stream.Stream;

/** Manifests that several tests use, and fields of the resulting Pods. */
final class Manifests {

    private Manifests() {}

    /** A Service for the Pods whose label {@code app} is its name. */
    static String service(String name, int port) {
        return service(name, port, Integer.toString(port));
    }

    static String service(String name, int port, String targetPort) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec:
                  selector: {app: %1$s}
                  ports: [{port: %2$d, targetPort: %3$s}]
                """.formatted(name, port, targetPort);
    }

    /** A Pod that accepts connections on a port and answers HTTP requests for {@code /}. */
    static String listener(String name, int port) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s, labels: {app: %1$s}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: listener
                      image: busybox:1.37
                      command: [sh, -c, "mkdir /tmp/www && echo %1$s > /tmp/www/index.html && exec httpd -f -p %2$d -h /tmp/www"]
                      readinessProbe: {tcpSocket: {port: %2$d}, periodSeconds: 1}
                """.formatted(name, port);
    }

    /** A Pod {@code app} whose volume is backed up to a restic repository, and the Secret with its password. */
    static String backup(String repository) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: backup}
                stringData: {RESTIC_PASSWORD: x}
                ---
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations:
                    pillion.dev/inject: backup
                    backup.pillion.dev/repository: %s
                    backup.pillion.dev/secret: backup
                spec:
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: data, emptyDir: {}}]
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sleep, "3600"]
                      volumeMounts: [{name: data, mountPath: /data}]
                """.formatted(repository);
    }

    /** All containers of a Pod, init containers first. */
    static Stream<Container> containers(Pod pod) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream());
    }

    static Container container(Pod pod, String name) {
        return containers(pod)
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no container " + name + " in Pod " + pod.getMetadata().getName() + ", but " + names(pod)));
    }

    static java.util.List<String> names(Pod pod) {
        return containers(pod).map(Container::getName).toList();
    }

    /** A Pod in which rclone serves files by a protocol: restic, or webdav with options. */
    static String store(String protocol) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: store, labels: {app: store}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: store
                      image: rclone/rclone:1.71
                      command: [sh, -c, "mkdir -p /tmp/store/files && echo 1 > /tmp/store/files/first && exec rclone serve %s /tmp/store --addr :8080"]
                      readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                """.formatted(protocol);
    }
}
