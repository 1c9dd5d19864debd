package dev.pillion.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads objects and lists of an API server by their paths. */
record ApiPaths(Cluster cluster, KubernetesClient client) {

    /** The page size of kubectl. It limits the memory of both sides. */
    private static final int PAGE = 500;

    private static final JsonMapper JSON = JsonMapper.builder(new ClusterJson()).build();

    void list(String path, ClusterReader.Receiver receiver) throws UnreachableClusterException {
        list(path, "", receiver);
    }

    /** @param query further parameters, encoded; may be empty */
    void list(String path, String query, ClusterReader.Receiver receiver) throws UnreachableClusterException {
        list(path, query, receiver, () -> true);
    }

    /** @param goOn whether to read the next page */
    void list(String path, String query, ClusterReader.Receiver receiver, BooleanSupplier goOn)
            throws UnreachableClusterException {
        String next = "";
        do {
            JsonNode page = get(path + "?limit=" + PAGE
                    + (query.isEmpty() ? "" : "&" + query)
                    + (next.isEmpty() ? "" : "&continue=" + encoded(next)));
            JsonNode metadata = page.path("metadata");
            receiver.take(
                    page.path("items").valueStream().toList(),
                    metadata.path("remainingItemCount").asLong());
            next = metadata.path("continue").asText("");
        } while (!next.isEmpty() && goOn.getAsBoolean());
    }

    /** The parameter for a label selector in the form of kubectl; empty for all objects. */
    static String labelQuery(String labels) {
        return labels.isEmpty() ? "" : "labelSelector=" + encoded(labels);
    }

    /** The path of the objects of a kind of the core group, in a namespace or in all. */
    static String core(String plural, Optional<String> namespace) {
        return "/api/v1" + namespace.map(name -> "/namespaces/" + encoded(name)).orElse("") + "/" + plural;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A missing node if the path does not exist. */
    JsonNode get(String path) throws UnreachableClusterException {
        try {
            @Nullable String body = client.raw(path);
            return body == null ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return MissingNode.getInstance();
            }
            throw new UnreachableClusterException(problem("read", path.replaceFirst("\\?.*", ""), e));
        } catch (JsonProcessingException e) {
            throw new UnreachableClusterException(
                    cluster.url() + path + ": the response is not JSON: " + e.getOriginalMessage());
        }
    }

    /**
     * Why a request failed.
     *
     * @param verb what was requested, for example {@code read}
     * @param resource a path, or a resource and its namespace
     */
    String problem(String verb, String resource, KubernetesClientException e) {
        if (e.getCode() <= 0) {
            return "the API server at " + cluster.url() + " cannot be reached: " + WatchHealth.rootOf(e);
        }
        return switch (e.getCode()) {
            case 401 -> "the API server at " + cluster.url() + " does not know these credentials (401)";
            case 403 ->
                "the API server at " + cluster.url() + " does not permit these credentials to " + verb + " " + resource
                        + " (403)";
            case 410 -> "the list of " + resource + " changed too much while it was read (410); try again";
            default -> "the API server at " + cluster.url() + " answered " + e.getCode() + ": " + WatchHealth.rootOf(e);
        };
    }
}
