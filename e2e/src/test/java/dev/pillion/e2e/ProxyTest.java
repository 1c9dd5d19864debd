package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.PodIP;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Envoy in front of an app that listens only on localhost. */
@ExtendWith(Stage.class)
class ProxyTest {

    /** An empty, uncompressed gRPC message. */
    private static final String EMPTY_MESSAGE = "printf '\\0\\0\\0\\0\\0'";

    private static final String CURL_GRPC = EMPTY_MESSAGE
            + " | curl --silent --show-error --max-time %d --http2-prior-knowledge --header 'content-type: application/grpc'"
            + " --header 'te: trailers' --data-binary @- %s http://api/grpc.health.v1.Health/%s";

    @Test
    void forwardsHttpFromTheServiceToTheAppOnLocalhost(Sandbox sandbox) {
        sandbox.create(app("127.0.0.1", ""));
        sandbox.create(Manifests.service("app", 80, "proxy"));
        sandbox.create(Manifests.listener("client", 80));
        sandbox.awaitReady("app");
        sandbox.awaitReady("client");

        String answer = sandbox.exec("client", "listener", "wget", "-S", "-q", "-O", "-", "http://app/");
        Command headers = sandbox.kubectl("exec", "client", "--", "wget", "-S", "-O", "/dev/null", "http://app/");

        assertThat(answer).isEqualToIgnoringNewLines("the app");
        assertThat(headers.errors()).contains("server: envoy").contains("x-envoy-upstream-service-time:");
    }

    /** Uses the default protocol and a timeout that is shorter than the stream. */
    @Test
    void forwardsGrpcWithTrailersAndDoesNotEndStreams(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: api
                  labels: {app: api}
                  annotations: {pillion.dev/inject: proxy, proxy.pillion.dev/timeout: 1s}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: api
                      image: localhost/grpc-health:1
                      args: [-port=50051]
                      ports: [{name: grpc, containerPort: 50051}]
                      readinessProbe: {grpc: {port: 50051}}
                """);
        sandbox.create(Manifests.service("api", 80, "proxy"));
        sandbox.create(curl());
        sandbox.awaitReady("api");
        sandbox.awaitReady("client");

        String check =
                shell(sandbox, CURL_GRPC.formatted(5, "--dump-header /dev/stderr", "Check") + " 2>&1 | od -An -c");
        Command watch = await("a response within the time that curl waits")
                .atMost(Duration.ofMinutes(3))
                .until(
                        () -> sandbox.kubectl(
                                "exec",
                                "client",
                                "--",
                                "sh",
                                "-c",
                                CURL_GRPC.formatted(4, "--output /dev/null --write-out '%{http_code}'", "Watch")),
                        result -> !result.output().equals("000"));

        assertThat(check.replaceAll("\\s", ""))
                .contains("HTTP/2200")
                .contains("server:envoy")
                .contains("grpc-status:0")
                .contains("\\0\\0\\0\\0002\\b001");
        assertThat(watch.output()).isEqualTo("200");
        assertThat(watch.errors()).as("curl ends the stream, not the proxy").contains("Operation timed out after 4");
    }

    /** The loopback device has {@code ::1} if the kernel supports IPv6, also if the cluster assigns no IPv6 addresses to Pods. */
    @Test
    void listensOnIPv4AndIPv6AndReachesAnAppOnEither(Sandbox sandbox) {
        sandbox.create(app("127.0.0.1", ""));
        sandbox.awaitReady("app");
        assumeTrue(
                sandbox.exec("app", "app", "sh", "-c", "cat /proc/net/if_inet6 || true")
                        .contains("lo"),
                "the Pod's loopback device has an IPv6 address");
        sandbox.create(app("[::1]", "").replace("name: app\n  labels: {app: app}", "name: six\n  labels: {app: six}"));
        sandbox.awaitReady("six");

        for (String pod : new String[] {"app", "six"}) {
            for (String address : new String[] {"127.0.0.1", "[::1]"}) {
                assertThat(sandbox.exec(pod, "app", "wget", "-q", "-O", "-", "http://" + address + ":15006/"))
                        .as(pod + " at " + address)
                        .isEqualToIgnoringNewLines("the app");
            }
        }
    }

    @Test
    void isReachedAtTheIpv6AddressOfItsPod(Sandbox sandbox) {
        sandbox.create(app("127.0.0.1", ""));
        sandbox.create(Manifests.listener("client", 80));
        sandbox.awaitReady("client");
        Optional<String> address = sandbox.awaitReady("app").getStatus().getPodIPs().stream()
                .map(PodIP::getIp)
                .filter(ip -> ip.contains(":"))
                .findFirst();
        assumeTrue(address.isPresent(), "the cluster gives Pods IPv6 addresses");

        assertThat(sandbox.exec("client", "listener", "wget", "-q", "-O", "-", "http://[" + address.get() + "]:15006/"))
                .isEqualToIgnoringNewLines("the app");
    }

    @Test
    void forwardsTcpFromTheServiceToTheAppOnLocalhost(Sandbox sandbox) {
        sandbox.create(app("127.0.0.1", "proxy.pillion.dev/protocol: tcp"));
        sandbox.create(Manifests.service("app", 80, "proxy"));
        sandbox.create(Manifests.listener("client", 80));
        sandbox.awaitReady("app");
        sandbox.awaitReady("client");

        assertThat(sandbox.exec("client", "listener", "wget", "-q", "-O", "-", "http://app/"))
                .isEqualToIgnoringNewLines("the app");
    }

    private static String shell(Sandbox sandbox, String command) {
        return sandbox.exec("client", "curl", "sh", "-c", command);
    }

    private static String curl() {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: client}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: curl, image: "curlimages/curl:8.16.0", command: [sleep, "3600"]}]
                """;
    }

    /** @param address the only address on which the app listens */
    private static String app(String address, String annotation) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  labels: {app: app}
                  annotations:
                    pillion.dev/inject: proxy
                    %s
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sh, -c, "mkdir /tmp/www && echo the app > /tmp/www/index.html && exec httpd -f -p %s:8080 -h /tmp/www"]
                      ports: [{containerPort: 8080}]
                """.formatted(annotation, address);
    }
}
