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
 * Asks an API server what there is, when somebody wants to know. Objects come as the trees that the API server sends, so that no field of a
 * newer Kubernetes is lost.
 */
public final class ClusterReader implements AutoCloseable {

    /** As kubectl asks: 500 at a time keep both sides' memory small. */
    private static final int PAGE = 500;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Cluster cluster;
    private final KubernetesClient client;

    /** @throws InvalidClusterException when the credentials cannot be used */
    public ClusterReader(Cluster cluster, String userAgent) throws InvalidClusterException {
        this(cluster, cluster.client(userAgent));
    }

    /** @param client of that cluster; closed with this reader */
    public ClusterReader(Cluster cluster, KubernetesClient client) {
        this.cluster = cluster;
        this.client = client;
    }

    /** What takes objects as they come. */
    public interface Receiver {

        /** @param remaining how many are still to come, as far as the API server tells */
        void take(List<JsonNode> objects, long remaining);
    }

    /** @param version empty where the API server says nothing that is one */
    public record Server(String gitVersion, Optional<KubernetesVersion> version) {}

    /** What the API server says of itself. */
    public Server server() throws UnreachableClusterException {
        String gitVersion = get("/version").path("gitVersion").asText();
        return new Server(gitVersion, KubernetesVersion.parse(gitVersion));
    }

    /**
     * Who issues ServiceAccount tokens.
     *
     * @param keys the public keys that verify them, a JSON Web Key Set
     */
    public record TokenIssuer(String issuer, String keys) {}

    /** Every ServiceAccount may read this, by the ClusterRole system:service-account-issuer-discovery. */
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

    /** All Pods, or those of one namespace, a page at a time. */
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

    /** The cluster's own profiles and policies; none where it does not define them. */
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

    /** Missing where there is no such path. */
    private JsonNode get(String path) throws UnreachableClusterException {
        try {
            @Nullable String answer = client.raw(path);
            return answer == null ? MissingNode.getInstance() : JSON.readTree(answer);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return MissingNode.getInstance();
            }
            throw new UnreachableClusterException(trouble(path, e));
        } catch (JsonProcessingException e) {
            throw new UnreachableClusterException(
                    cluster.url() + path + " answers with something that is not JSON: " + e.getOriginalMessage());
        }
    }

    private String trouble(String path, KubernetesClientException e) {
        if (e.getCode() <= 0) {
            return "the API server at " + cluster.url() + " cannot be reached: " + WatchHealth.rootOf(e);
        }
        String resource = path.replaceFirst("\\?.*", "");
        return switch (e.getCode()) {
            case 401 -> "the API server at " + cluster.url() + " does not know these credentials (401)";
            case 403 ->
                "the API server at " + cluster.url() + " does not let these credentials list " + resource + " (403)";
            case 410 -> "the list of " + resource + " changed too much while it was read (410); try again";
            default -> "the API server at " + cluster.url() + " answered " + e.getCode() + ": " + WatchHealth.rootOf(e);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
