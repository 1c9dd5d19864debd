package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.pod.KubernetesVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads objects from an API server once. Objects are the trees that the API server sends, so no field of a newer Kubernetes is lost.
 */
public final class ClusterReader implements AutoCloseable {

    /** The names in deploy/base/webhooks.yaml. */
    private static final String CONFIGURATION = "pillion";

    private static final String MUTATING_WEBHOOK = "mutate.pillion.dev";

    private final ApiPaths api;
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
        this.api = new ApiPaths(cluster, client);
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
        String gitVersion = api.get("/version").path("gitVersion").asText();
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
        String issuer =
                api.get("/.well-known/openid-configuration").path("issuer").asText();
        JsonNode keys = api.get("/openid/v1/jwks");
        if (issuer.isEmpty() || keys.path("keys").isEmpty()) {
            throw new UnreachableClusterException(
                    "the API server publishes no keys for ServiceAccount tokens at /.well-known/openid-configuration and"
                            + " /openid/v1/jwks");
        }
        return new TokenIssuer(issuer, keys.toString());
    }

    /** Lists all Pods, or those of one namespace, page by page. */
    public void pods(Optional<String> namespace, Receiver receiver) throws UnreachableClusterException {
        api.list(ApiPaths.core("pods", namespace), receiver);
    }

    /**
     * Lists the Pods with these labels of all namespaces, page by page.
     *
     * @param goOn whether to read the next page
     */
    public void pods(LabelSelector labels, Receiver receiver, BooleanSupplier goOn) throws UnreachableClusterException {
        api.list("/api/v1/pods", ApiPaths.labelQuery(labels.toQuery()), receiver, goOn);
    }

    /** The namespace with a name; empty if it does not exist. */
    public Optional<JsonNode> namespace(String name) throws UnreachableClusterException {
        JsonNode namespace = api.get("/api/v1/namespaces/" + ApiPaths.encoded(name));
        return namespace.isObject() ? Optional.of(namespace) : Optional.empty();
    }

    /** The node with a name; empty if it does not exist. */
    public Optional<JsonNode> node(String name) throws UnreachableClusterException {
        JsonNode node = api.get("/api/v1/nodes/" + ApiPaths.encoded(name));
        return node.isObject() ? Optional.of(node) : Optional.empty();
    }

    public List<JsonNode> namespaces() throws UnreachableClusterException {
        List<JsonNode> namespaces = new ArrayList<>();
        api.list("/api/v1/namespaces", (page, _) -> namespaces.addAll(page));
        return namespaces;
    }

    /**
     * The namespaces whose Pods the API server sends to Pillion, as a label selector (metav1.LabelSelector).
     *
     * @return a missing node if Pillion's webhook is not configured
     */
    public JsonNode mutatedNamespaces() throws UnreachableClusterException {
        JsonNode configuration =
                api.get("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/" + CONFIGURATION);
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
            api.list(
                    "/apis/" + CatalogResource.GROUP + "/" + CatalogResource.VERSION + "/" + kind.plural(),
                    (page, _) -> page.stream()
                            .map(object -> CatalogResource.of(kind, object))
                            .forEach(resources::add));
        }
        return resources;
    }

    /** The paths of this API server. */
    ApiPaths api() {
        return api;
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.close();
        }
    }
}
