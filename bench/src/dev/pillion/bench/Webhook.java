package dev.pillion.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** A client of a server's webhooks that sends one request at a time. */
final class Webhook implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** No workload sends so many Pods, so these are new. */
    private static final int LAST_POD = 14_000_000;

    private static final int RETRIES = 30;

    /** The number of characters of a JSON text in a message. */
    private static final int SHOWN = 2_000;

    private final HttpClient client;
    private final int port;

    Webhook(int port) throws GeneralSecurityException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        this.client = HttpClient.newBuilder()
                .sslContext(trusting)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.port = port;
    }

    /** Returns the response to a review. */
    JsonNode answer(Review review) throws IOException, InterruptedException {
        return send(review.path(), review.text().getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the first request of a workload. */
    JsonNode answer(Bodies bodies, int number) throws IOException, InterruptedException {
        Template template = bodies.steps().getFirst().template();
        return send(template.review().path(), template.body(number, number));
    }

    /** The JSON patch in the response to the first request of a workload; empty if there is none. */
    String patch(Bodies bodies) throws IOException, InterruptedException {
        return new String(answer(bodies, LAST_POD).path("patch").binaryValue(), StandardCharsets.UTF_8);
    }

    private JsonNode send(String path, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        // As the API server does. A server that has just started may be too slow for its deadline.
        for (int retry = 0; response.statusCode() == 503 && retry < RETRIES; retry++) {
            Thread.sleep(1_000);
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        }
        if (response.statusCode() != 200) {
            throw new IOException("answered with " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body()).path("response");
    }

    /** Sends each review of a workload once and compares the response with the expected one. A benchmark of wrong responses would be worthless. */
    void verify(String workload, Bodies bodies) throws IOException, InterruptedException {
        Set<Template> templates =
                bodies.steps().stream().map(Bodies.Step::template).collect(Collectors.toSet());
        Map<Review.Expected, Integer> counts = new LinkedHashMap<>();
        for (Template template : templates) {
            Review review = template.review();
            JsonNode response = send(review.path(), template.body(LAST_POD, LAST_POD));
            boolean warns = review.path().equals(Review.VALIDATE) && !response.path("warnings").isEmpty();
            if (decision(response) != review.expected() || warns) {
                throw new IllegalStateException(workload + ": expected " + review.expected() + " from " + review.path()
                        + ", but the response is " + start(response.toString()) + " to " + start(review.text()));
            }
            counts.merge(review.expected(), 1, Integer::sum);
        }
        System.out.println(workload + ": verified responses " + counts);
    }

    private static String start(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    private static Review.Expected decision(JsonNode response) {
        if (!response.path("allowed").asBoolean()) {
            return Review.Expected.DENIED;
        }
        return response.has("patch") ? Review.Expected.INJECTED : Review.Expected.UNCHANGED;
    }

    /** Whether a server is ready, which its management port says. */
    boolean isReady(int managementPort) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + managementPort + "/health/ready"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    @Override
    public void close() {
        client.close();
    }
}
