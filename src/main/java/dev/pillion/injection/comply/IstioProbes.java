package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Recognises probes that Istio rewrote: the kubelet probes Istio's agent in the {@code istio-proxy} container, which probes the companion with
 * mutual TLS (istio.io, "Health Checking of Istio Services").
 */
final class IstioProbes {

    private static final IntNode AGENT_PORT = IntNode.valueOf(15020);

    private static final Map<String, String> PATHS =
            Map.of("livenessProbe", "livez", "readinessProbe", "readyz", "startupProbe", "startupz");

    private IstioProbes() {}

    /** Restores the profile's handler in each probe that Istio rewrote. */
    static void restore(JsonNode wanted, ObjectNode container) {
        PATHS.forEach((field, path) -> {
            JsonNode own = wanted.path(field);
            String rewritten = "/app-health/" + container.path("name").asText() + "/" + path;
            if (container.get(field) instanceof ObjectNode probe && isRewritten(own, probe, rewritten)) {
                probe.remove("httpGet");
                for (String handler : new String[] {"httpGet", "tcpSocket", "grpc"}) {
                    if (own.has(handler)) {
                        probe.set(handler, own.get(handler));
                    }
                }
            }
        });
    }

    private static boolean isRewritten(JsonNode own, ObjectNode probe, String path) {
        JsonNode request = probe.path("httpGet");
        JsonNode before = own.path("httpGet");
        return !own.has("exec")
                && (own.has("httpGet") || own.has("tcpSocket") || own.has("grpc"))
                && !probe.has("exec")
                && !probe.has("tcpSocket")
                && !probe.has("grpc")
                && request.path("path").asText().equals(path)
                && request.path("port").equals(AGENT_PORT)
                && request.path("scheme").asText("HTTP").equals("HTTP")
                && request.path("host").asText("").equals(before.path("host").asText(""))
                && (request.path("httpHeaders").isEmpty()
                        || request.path("httpHeaders").equals(before.path("httpHeaders")));
    }
}
