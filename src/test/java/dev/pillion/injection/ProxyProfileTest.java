package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The port, protocol and addresses in the configuration of Envoy. The end-to-end tests run Envoy. */
class ProxyProfileTest {

    private static final String VERSIONS =
            "/typed_extension_protocol_options/envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private static Trial.Result proxied(String ports, String... annotations) {
        return Trial.of("metadata:\n  annotations:\n    pillion.dev/inject: proxy\n"
                        + String.join("\n", annotations).indent(4) + "spec:\n  containers:\n    - {name: app, ports: ["
                        + ports + "]}\n")
                .injected();
    }

    private static String protocol(Trial.Result result) {
        return result.plan()
                .profiles()
                .getFirst()
                .parameters()
                .get("protocol")
                .value()
                .asText();
    }

    /** Envoy's files by their names. */
    private static JsonNode file(Trial.Result result, String name) {
        for (JsonNode item : result.volume("pillion-files-proxy").at("/downwardAPI/items")) {
            if (item.path("path").asText().equals(name)) {
                String annotation = item.at("/fieldRef/fieldPath").asText().split("'")[1];
                return Trial.yaml(result.annotation(annotation).asText());
            }
        }
        throw new AssertionError(name);
    }

    private static JsonNode envoy(Trial.Result result) {
        return file(result, "envoy.json").path("static_resources");
    }

    @Test
    void forwardsHttp1AndHttp2() {
        Trial.Result result = proxied("{containerPort: 8080}");

        assertThat(protocol(result)).isEqualTo("http");
        for (JsonNode cluster : List.of(
                envoy(result).at("/clusters/0"),
                envoy(result).at("/clusters/1"),
                file(result, "clusters.json").at("/resources/0"))) {
            assertThat(cluster.at(VERSIONS + "/use_downstream_protocol_config/http2_protocol_options"))
                    .isEqualTo(Trial.yaml("{}"));
            assertThat(cluster.at(VERSIONS).has("explicit_http_config")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http, http", "web, http", "grpc, http", "grpc-api, http", "grpc-web, http", "h2c, http2", "h2c-api, http2",
        "http2, http2", "http2-api, http2", "tcp, tcp", "tcp-jobs, tcp", "tls, tcp", "https, tcp", "https-api, tcp",
        "mysql, tcp", "postgres, tcp", "postgresql, tcp", "redis-0, tcp", "mongo, tcp", "kafka, tcp",
                "httpsomething, http",
        "mytcp, http"
    })
    void usesTheProtocolInTheNameOfThePort(String name, String protocol) {
        assertThat(protocol(proxied("{name: " + name + ", containerPort: 8080}")))
                .isEqualTo(protocol);
    }

    @Test
    void usesTheNameOfTheProxiedPort() {
        String ports =
                "{name: http, containerPort: 8080}, {name: mysql, containerPort: 3306}, {name: tcp, containerPort: 53, protocol: UDP}";

        assertThat(protocol(proxied(ports))).isEqualTo("http");
        assertThat(protocol(proxied(ports, "proxy.pillion.dev/port: '3306'"))).isEqualTo("tcp");
        assertThat(protocol(proxied(ports, "proxy.pillion.dev/port: '53'"))).isEqualTo("http");
        assertThat(protocol(proxied(ports, "proxy.pillion.dev/port: '3306'", "proxy.pillion.dev/protocol: http")))
                .isEqualTo("http");
    }

    @ParameterizedTest
    @CsvSource({"http1, http_protocol_options", "http2, http2_protocol_options", "grpc, http2_protocol_options"})
    void forwardsOneHttpVersionIfThatIsConfigured(String protocol, String options) {
        JsonNode versions = envoy(proxied("{containerPort: 8080}", "proxy.pillion.dev/protocol: " + protocol))
                .at("/clusters/1" + VERSIONS);

        assertThat(versions.at("/explicit_http_config")).isEqualTo(Trial.yaml("{" + options + ": {}}"));
        assertThat(versions.has("use_downstream_protocol_config")).isFalse();
    }

    @Test
    void neverLimitsTheDurationOfStreams() {
        JsonNode http = envoy(proxied("{containerPort: 8080}", "proxy.pillion.dev/timeout: 15s"))
                .at("/listeners/0/filter_chains/0/filters/0/typed_config");

        assertThat(http.path("stream_idle_timeout").asText()).isEqualTo("0s");
        List<String> routes = new ArrayList<>();
        http.at("/route_config/virtual_hosts/0/routes")
                .forEach(route -> routes.add(route.at("/match/headers/0/name").asText("any") + " "
                        + route.at("/route/timeout").asText()));
        assertThat(routes).containsExactly("content-type 0s", "accept 0s", "any 15.000s");
    }

    @Test
    void limitsNoRequestByDefault() {
        assertThat(envoy(proxied("{containerPort: 8080}"))
                        .at(
                                "/listeners/0/filter_chains/0/filters/0/typed_config/route_config/virtual_hosts/0/routes/2/route/timeout")
                        .asText())
                .isEqualTo("0.000s");
        assertThat(envoy(proxied("{name: mysql, containerPort: 3306}"))
                        .at("/listeners/0/filter_chains/0/filters/0/typed_config/idle_timeout")
                        .asText())
                .isEqualTo("0s");
    }

    /** The parts for IPv6 are in separate files, and Envoy starts without them. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "tcp"})
    void usesBothAddressFamilies(String protocol) {
        Trial.Result result = proxied("{containerPort: 8080}", "proxy.pillion.dev/protocol: " + protocol);

        assertThat(envoy(result).at("/listeners/0/address"))
                .isEqualTo(Trial.yaml("socket_address: {address: 0.0.0.0, port_value: 15006}"));
        JsonNode ipv6 = file(result, "listeners.json").at("/resources/0");
        assertThat(ipv6.path("address")).isEqualTo(Trial.yaml("socket_address: {address: '::', port_value: 15006}"));
        assertThat(ipv6.path("filter_chains")).isEqualTo(envoy(result).at("/listeners/0/filter_chains"));
        assertThat(file(result, "clusters.json").at("/resources/0/load_assignment/endpoints/0/lb_endpoints/0/endpoint"))
                .isEqualTo(Trial.yaml("""
                        address: {socket_address: {address: 127.0.0.1, port_value: 8080}}
                        additional_addresses: [{address: {socket_address: {address: "::1", port_value: 8080}}}]
                        """));
        assertThat(file(result, "envoy.json").toString()).doesNotContain("::");
    }

    @Test
    void proxiesAndScrapesTheFirstTcpPort() {
        Trial.Result result = Trial.of("""
                metadata:
                  annotations: {pillion.dev/inject: "proxy,metrics", metrics.pillion.dev/endpoint: "http://otel:4318"}
                spec:
                  containers:
                    - name: dns
                      ports:
                        - {name: dns-udp, containerPort: 5353, protocol: UDP}
                        - {name: media, containerPort: 9000, protocol: SCTP}
                        - {name: http, containerPort: 8080, protocol: ""}
                        - {name: admin, containerPort: 8081}
                """).injected();

        assertThat(result.plan().profiles())
                .extracting(each -> each.parameters().get("port").value().asInt())
                .containsExactly(8080, 8080);
        assertThat(Trial.yaml(result.annotation("pillion.dev/file.metrics.0").asText())
                        .at("/receivers/prometheus/config/scrape_configs/0/static_configs/0/targets/0")
                        .asText())
                .isEqualTo("localhost:8080");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy",
                "metrics",
                "config-reload",
            })
    void deniesAnAppWithoutATcpPort(String profile) {
        for (String ports :
                List.of("", ", ports: []", ", ports: null", ", ports: [{containerPort: 53, protocol: UDP}]")) {
            Reason denied = Trial.of("""
                    metadata:
                      annotations:
                        pillion.dev/inject: %s
                        metrics.pillion.dev/endpoint: http://otel:4318
                        config-reload.pillion.dev/directories: /etc/app
                    spec: {containers: [{name: dns%s}]}
                    """.formatted(profile, ports)).denied();

            assertThat(denied.code()).isEqualTo(ReasonCode.MISSING_PARAMETER);
            assertThat(denied.message())
                    .isEqualTo("annotation pillion.dev/inject requests profile '" + profile
                            + "', but its parameter 'port' cannot be derived from the Pod: the app declares no TCP port; set annotation "
                            + profile + ".pillion.dev/port");
        }
    }
}
