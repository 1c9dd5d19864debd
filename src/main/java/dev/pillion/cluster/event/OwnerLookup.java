package dev.pillion.cluster.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Whether the controller that a Pod names exists. Only the kinds that Kubernetes itself makes Pods with are asked for: the right to read
 * those of everybody else would have no end.
 */
final class OwnerLookup {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** By apiVersion and kind, where the API server has them. */
    private static final Map<String, String> COLLECTIONS = Map.of(
            "apps/v1 ReplicaSet", "/apis/apps/v1/namespaces/%s/replicasets/%s",
            "apps/v1 StatefulSet", "/apis/apps/v1/namespaces/%s/statefulsets/%s",
            "apps/v1 DaemonSet", "/apis/apps/v1/namespaces/%s/daemonsets/%s",
            "batch/v1 Job", "/apis/batch/v1/namespaces/%s/jobs/%s",
            "v1 ReplicationController", "/api/v1/namespaces/%s/replicationcontrollers/%s");

    /** A DNS subdomain, or a label; nothing that could lead to another path. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private static final Pattern UID = Pattern.compile("[-A-Za-z0-9]{1,64}");

    /** Without spec and status, of which nothing is needed. */
    private static final String METADATA_ALONE = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private final KubernetesClient client;

    OwnerLookup(KubernetesClient client) {
        this.client = client;
    }

    /** The controller that a Pod names, if it can be one. */
    static Optional<ObjectReference> controllerOf(JsonNode metadata, String namespace) {
        for (JsonNode owner : metadata.path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return Optional.of(reference(owner, namespace)).filter(OwnerLookup::isPlausible);
            }
        }
        return Optional.empty();
    }

    private static ObjectReference reference(JsonNode owner, String namespace) {
        return new ObjectReferenceBuilder()
                .withApiVersion(owner.path("apiVersion").asText())
                .withKind(owner.path("kind").asText())
                .withName(owner.path("name").asText())
                .withUid(owner.path("uid").asText())
                .withNamespace(namespace)
                .build();
    }

    private static boolean isPlausible(ObjectReference owner) {
        return COLLECTIONS.containsKey(kind(owner))
                && NAME.matcher(owner.getName()).matches()
                && NAME.matcher(owner.getNamespace()).matches()
                && UID.matcher(owner.getUid()).matches();
    }

    private static String kind(ObjectReference owner) {
        return owner.getApiVersion() + " " + owner.getKind();
    }

    /**
     * Asks the API server.
     *
     * @return whether there is this owner, with this uid
     * @throws KubernetesClientException when the API server is away or refuses
     */
    boolean exists(ObjectReference owner) throws InterruptedException {
        String path =
                Objects.requireNonNull(COLLECTIONS.get(kind(owner))).formatted(owner.getNamespace(), owner.getName());
        HttpResponse<String> response = get(path);
        return switch (response.code()) {
            case HttpURLConnection.HTTP_OK -> uid(response.body()).equals(owner.getUid());
            case HttpURLConnection.HTTP_NOT_FOUND -> false;
            default -> throw new KubernetesClientException("GET " + path, response.code(), null);
        };
    }

    private HttpResponse<String> get(String path) throws InterruptedException {
        // The API server may be reached below a path, as behind Rancher.
        String server = client.getConfiguration().getMasterUrl().replaceFirst("/+$", "");
        var request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(URI.create(server + path))
                .header("Accept", METADATA_ALONE)
                .build();
        try {
            return client.getHttpClient()
                    .sendAsync(request, String.class)
                    .get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException("GET " + path, e);
        }
    }

    private static String uid(String body) {
        try {
            return JSON.readTree(body).path("metadata").path("uid").asText();
        } catch (IOException e) {
            return "";
        }
    }
}
