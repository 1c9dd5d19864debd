package dev.pillion.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.pod.KubernetesVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects from an API server once. Objects are the trees that the API server sends, so no field of a newer Kubernetes is lost.
 */
public final class ClusterReader implements AutoCloseable {

    /** The page size of kubectl. It limits the memory of both sides. */
    private static final int PAGE = 500;

    /** The names in deploy/base/webhooks.yaml. */
    private static final String CONFIGURATION = "pillion";

    private static final String MUTATING_WEBHOOK = "mutate.pillion.dev";

    private static final JsonMapper JSON = JsonMapper.builder(new ClusterJson()).build();

    private final Cluster cluster;
    private final KubernetesClient client;
    private final boolean ownsClient;

    /**
     * Opens a client of its own, which is closed with this reader.
     *
     * @throws InvalidClusterException if the credentials cannot be used
     */
    public ClusterReader(Cluster cluster, String userAgent) throws InvalidClusterException {
        this(cluster, cluster.client(userAgent), true);
    }

    /** @param client of this cluster, shared with others, so it is not closed with this reader */
    public ClusterReader(Cluster cluster, KubernetesClient client) {
        this(cluster, client, false);
    }

    private ClusterReader(Cluster cluster, KubernetesClient client, boolean ownsClient) {
        this.cluster = cluster;
        this.client = client;
        this.ownsClient = ownsClient;
    }

    /** Receives objects page by page. */
    public interface Receiver {

        /** @param remaining how many more will come, if the API server says so */
        void take(List<JsonNode> objects, long remaining);
    }

    /** @param version empty if the text is not a Kubernetes version */
    public record Server(String gitVersion, Optional<KubernetesVersion> version) {}

    /** The version of the API server. */
    public Server server() throws UnreachableClusterException {
        String gitVersion = get("/version").path("gitVersion").asText();
        return new Server(gitVersion, KubernetesVersion.parse(gitVersion));
    }

    /**
     * The issuer of ServiceAccount tokens.
     *
     * @param keys the public keys that verify them, a JSON Web Key Set
     */
    public record TokenIssuer(String issuer, String keys) {}

    /** Reads the issuer. The ClusterRole system:service-account-issuer-discovery allows that to every ServiceAccount. */
    public TokenIssuer tokenIssuer() throws UnreachableClusterException {
        String issuer = get("/.well-known/openid-configuration").path("issuer").asText();
        JsonNode keys = get("/openid/v1/jwks");
        if (issuer.isEmpty() || keys.path("keys").isEmpty()) {
            throw new UnreachableClusterException(
                    "the API server publishes no keys for ServiceAccount tokens at /.well-known/openid-configuration and"
                            + " /openid/v1/jwks");
        }
        return new TokenIssuer(issuer, keys.toString());
    }

    /** Lists all Pods, or those of one namespace, page by page. */
    public void pods(Optional<String> namespace, Receiver receiver) throws UnreachableClusterException {
        String path = namespace
                .map(name -> "/api/v1/namespaces/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/pods")
                .orElse("/api/v1/pods");
        list(path, receiver);
    }

    public List<JsonNode> namespaces() throws UnreachableClusterException {
        List<JsonNode> namespaces = new ArrayList<>();
        list("/api/v1/namespaces", (page, _) -> namespaces.addAll(page));
        return namespaces;
    }

    /**
     * The namespaces whose Pods the API server sends to Pillion, as a label selector (metav1.LabelSelector).
     *
     * @return a missing node if Pillion's webhook is not configured
     */
    public JsonNode mutatedNamespaces() throws UnreachableClusterException {
        JsonNode configuration =
                get("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/" + CONFIGURATION);
        for (JsonNode webhook : configuration.path("webhooks")) {
            if (webhook.path("name").asText().equals(MUTATING_WEBHOOK)) {
                return webhook.path("namespaceSelector");
            }
        }
        return MissingNode.getInstance();
    }

    /** The profiles and policies in the cluster; none if it does not define them. */
    public List<CatalogResource> resources() throws UnreachableClusterException {
        List<CatalogResource> resources = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            list(
                    "/apis/" + CatalogResource.GROUP + "/" + CatalogResource.VERSION + "/" + kind.plural(),
                    (page, _) -> page.stream()
                            .map(object -> CatalogResource.of(kind, object))
                            .forEach(resources::add));
        }
        return resources;
    }

    private void list(String path, Receiver receiver) throws UnreachableClusterException {
        String next = "";
        do {
            JsonNode page = get(path + "?limit=" + PAGE
                    + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8)));
            JsonNode metadata = page.path("metadata");
            receiver.take(
                    page.path("items").valueStream().toList(),
                    metadata.path("remainingItemCount").asLong());
            next = metadata.path("continue").asText("");
        } while (!next.isEmpty());
    }

    /** A missing node if the path does not exist. */
    private JsonNode get(String path) throws UnreachableClusterException {
        try {
            @Nullable String body = client.raw(path);
            return body == null ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return MissingNode.getInstance();
            }
            throw new UnreachableClusterException(problem(path, e));
        } catch (JsonProcessingException e) {
            throw new UnreachableClusterException(
                    cluster.url() + path + ": the response is not JSON: " + e.getOriginalMessage());
        }
    }

    private String problem(String path, KubernetesClientException e) {
        if (e.getCode() <= 0) {
            return "the API server at " + cluster.url() + " cannot be reached: " + WatchHealth.rootOf(e);
        }
        String resource = path.replaceFirst("\\?.*", "");
        return switch (e.getCode()) {
            case 401 -> "the API server at " + cluster.url() + " does not know these credentials (401)";
            case 403 ->
                "the API server at " + cluster.url() + " does not permit these credentials to list " + resource
                        + " (403)";
            case 410 -> "the list of " + resource + " changed too much while it was read (410); try again";
            default -> "the API server at " + cluster.url() + " answered " + e.getCode() + ": " + WatchHealth.rootOf(e);
        };
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.close();
        }
    }
}
