package dev.pillion.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.HttpURLConnection;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends single requests to an API server. Returns each response, also one that refuses the request. */
public final class ApiProbe implements AutoCloseable {

    /** Longer than the longest timeout of a webhook, 30 s, which can delay a response. */
    private static final long TIMEOUT_SECONDS = 60;

    private static final JsonMapper JSON = JsonMapper.builder(new ClusterJson()).build();

    private final Cluster cluster;
    private final KubernetesClient client;

    /** @throws InvalidClusterException if the credentials cannot be used */
    public ApiProbe(Cluster cluster, String userAgent) throws InvalidClusterException {
        this.cluster = cluster;
        this.client = cluster.client(userAgent);
    }

    /** @throws UnreachableClusterException if there is no response */
    public ApiResponse get(String path) throws UnreachableClusterException {
        return send(request(path).build());
    }

    /** @throws UnreachableClusterException if there is no response */
    public ApiResponse post(String path, JsonNode body) throws UnreachableClusterException {
        return send(request(path).post("application/json", body.toString()).build());
    }

    /**
     * The certificate chain that a Pod presents at a port. The API server forwards the connection to the Pod.
     *
     * @throws UnreachableClusterException if the Pod cannot be reached or does not speak TLS
     */
    public List<X509Certificate> certificates(String namespace, String pod, int port)
            throws UnreachableClusterException {
        return new ForwardedTls(client).certificates(namespace, pod, port);
    }

    /** Describes a response that does not answer the request, such as 401 or 500. */
    public UnreachableClusterException failure(String path, ApiResponse response) {
        String reason = response.code() == HttpURLConnection.HTTP_UNAUTHORIZED
                ? "does not know these credentials (401)"
                : "answered " + response.code() + " to a request of " + path.replaceFirst("\\?.*", "")
                        + (response.message().isEmpty() ? "" : ": " + response.message());
        return new UnreachableClusterException("the API server at " + cluster.url() + " " + reason);
    }

    private HttpRequest.Builder request(String path) {
        return client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(cluster.url() + path)
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .header("Accept", "application/json");
    }

    private ApiResponse send(HttpRequest request) throws UnreachableClusterException {
        CompletableFuture<HttpResponse<String>> sent = client.getHttpClient().sendAsync(request, String.class);
        try {
            HttpResponse<String> response = sent.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return new ApiResponse(response.code(), date(response), json(response.body()));
        } catch (ExecutionException e) {
            throw unreachable(WatchHealth.rootOf(Objects.requireNonNullElse(e.getCause(), e)));
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw unreachable("no response within " + TIMEOUT_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted");
        }
    }

    private UnreachableClusterException unreachable(String reason) {
        return new UnreachableClusterException("the API server at " + cluster.url() + " cannot be reached: " + reason);
    }

    private static Optional<Instant> date(HttpResponse<?> response) {
        try {
            return Optional.ofNullable(response.header("Date"))
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static JsonNode json(String body) {
        try {
            return Objects.requireNonNullElse(JSON.readTree(body), MissingNode.getInstance());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
