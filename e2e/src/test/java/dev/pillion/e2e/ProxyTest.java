package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real Envoy in front of an application that listens on localhost only. */
@ExtendWith(Stage.class)
class ProxyTest {

    @Test
    void handsHttpTrafficOfTheServiceOnToTheAppOnLocalhost(Sandbox sandbox) {
        sandbox.create(app("http"));
        sandbox.create(Manifests.service("app", 80, "proxy"));
        sandbox.create(Manifests.listener("client", 80));
        sandbox.awaitReady("app");
        sandbox.awaitReady("client");

        String answer = sandbox.exec("client", "listener", "wget", "-S", "-q", "-O", "-", "http://app/");
        Command headers = sandbox.kubectl("exec", "client", "--", "wget", "-S", "-O", "/dev/null", "http://app/");

        assertThat(answer).isEqualToIgnoringNewLines("the app");
        assertThat(headers.errors()).contains("server: envoy").contains("x-envoy-upstream-service-time:");
    }

    @Test
    void passesTcpTrafficOfTheServiceOnToTheAppOnLocalhost(Sandbox sandbox) {
        sandbox.create(app("tcp"));
        sandbox.create(Manifests.service("app", 80, "proxy"));
        sandbox.create(Manifests.listener("client", 80));
        sandbox.awaitReady("app");
        sandbox.awaitReady("client");

        assertThat(sandbox.exec("client", "listener", "wget", "-q", "-O", "-", "http://app/"))
                .isEqualToIgnoringNewLines("the app");
    }

    private static String app(String protocol) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  labels: {app: app}
                  annotations:
                    pillion.dev/inject: proxy
                    proxy.pillion.dev/protocol: %s
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sh, -c, "mkdir /tmp/www && echo the app > /tmp/www/index.html && exec httpd -f -p 127.0.0.1:8080 -h /tmp/www"]
                      ports: [{containerPort: 8080}]
                """.formatted(protocol);
    }
}
