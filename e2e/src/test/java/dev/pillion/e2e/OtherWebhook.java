package dev.pillion.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Another webhook. It changes all containers of a Pod, including Pillion's, by replacing whole lists. */
final class OtherWebhook implements AutoCloseable {

    static final String MIRROR = "docker.io/library/";
    static final String VARIABLE = "SEEN_BY_ANOTHER";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char[] PASSWORD = "e2e".toCharArray();

    private final HttpsServer server;
    private final Certificate certificate;

    private final Consumer<ArrayNode> change;

    private OtherWebhook(Consumer<ArrayNode> change) throws IOException, GeneralSecurityException {
        this.change = change;
        certificate = Certificate.of(Environment.ADDRESS);
        server = HttpsServer.create(new InetSocketAddress(0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mutate", this::answer);
        server.start();
    }

    /** Changes every image to a mirror and adds a variable to every container. */
    static OtherWebhook mirroringImages() throws IOException, GeneralSecurityException {
        return new OtherWebhook(containers -> containers.forEach(container -> change((ObjectNode) container)));
    }

    /** Removes a container, whichever profile added it. */
    static OtherWebhook removing(String container) throws IOException, GeneralSecurityException {
        return new OtherWebhook(containers ->
                containers.removeIf(each -> each.path("name").asText().equals(container)));
    }

    /** Removes a field from a container, whichever profile added it. */
    static OtherWebhook stripping(String container, String field) throws IOException, GeneralSecurityException {
        return new OtherWebhook(containers -> containers.forEach(each -> {
            if (each.path("name").asText().equals(container)) {
                ((ObjectNode) each).remove(field);
            }
        }));
    }

    private SSLContext tls() throws IOException, GeneralSecurityException {
        Path store = certificate.key().resolveSibling("tls.p12");
        Command.run(List.of(
                        "openssl",
                        "pkcs12",
                        "-export",
                        "-in",
                        certificate.certificate().toString(),
                        "-inkey",
                        certificate.key().toString(),
                        "-passout",
                        "pass:" + new String(PASSWORD),
                        "-out",
                        store.toString()))
                .orFail();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), PASSWORD), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody()).path("request");
            ObjectNode review = JSON.createObjectNode();
            review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            review.putObject("response")
                    .put("uid", request.path("uid").asText())
                    .put("allowed", true)
                    .put("patchType", "JSONPatch")
                    .put(
                            "patch",
                            Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(patch(request.path("object")))));
            byte[] body = JSON.writeValueAsBytes(review);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private ArrayNode patch(JsonNode pod) {
        ArrayNode patch = JSON.createArrayNode();
        for (String list : List.of("initContainers", "containers")) {
            if (pod.path("spec").path(list) instanceof ArrayNode containers) {
                change.accept(containers);
                patch.addObject()
                        .put("op", "replace")
                        .put("path", "/spec/" + list)
                        .set("value", containers);
            }
        }
        return patch;
    }

    private static void change(ObjectNode container) {
        String image = container.path("image").asText();
        if (!image.contains("/")) {
            container.put("image", MIRROR + image);
        }
        for (JsonNode variable : container.withArray("env")) {
            if (variable.path("name").asText().equals(VARIABLE)) {
                return;
            }
        }
        container.withArray("env").addObject().put("name", VARIABLE).put("value", "yes");
    }

    String url() {
        return "https://" + Environment.ADDRESS + ":" + server.getAddress().getPort() + "/mutate";
    }

    Certificate certificate() {
        return certificate;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
