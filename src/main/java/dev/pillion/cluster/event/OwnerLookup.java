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
 * Looks up the controller that a Pod names. Only controllers of Kubernetes itself are supported: for every other kind, Pillion would need a right to
 * read it.
 */
final class OwnerLookup {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The path of each kind at the API server, by apiVersion and kind. */
    private static final Map<String, String> PATHS = Map.of(
            "apps/v1 ReplicaSet", "/apis/apps/v1/namespaces/%s/replicasets/%s",
            "apps/v1 StatefulSet", "/apis/apps/v1/namespaces/%s/statefulsets/%s",
            "apps/v1 DaemonSet", "/apis/apps/v1/namespaces/%s/daemonsets/%s",
            "batch/v1 Job", "/apis/batch/v1/namespaces/%s/jobs/%s",
            "v1 ReplicationController", "/api/v1/namespaces/%s/replicationcontrollers/%s");

    /** A DNS label or subdomain, which cannot contain a part of a path. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private static final Pattern UID = Pattern.compile("[-A-Za-z0-9]{1,64}");

    /** The API server leaves out spec and status. */
    private static final String METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private final KubernetesClient client;

    OwnerLookup(KubernetesClient client) {
        this.client = client;
    }

    /** The controller that a Pod names, if its kind is supported and its name and uid are valid. */
    static Optional<ObjectReference> controllerOf(JsonNode metadata, String namespace) {
        for (JsonNode owner : metadata.path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return Optional.of(reference(owner, namespace)).filter(OwnerLookup::isSupported);
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

    private static boolean isSupported(ObjectReference owner) {
        return PATHS.containsKey(kind(owner))
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
     * @return whether an owner with this name and uid exists
     * @throws KubernetesClientException if the API server cannot be reached or rejects the request
     */
    boolean exists(ObjectReference owner) throws InterruptedException {
        String path = Objects.requireNonNull(PATHS.get(kind(owner))).formatted(owner.getNamespace(), owner.getName());
        HttpResponse<String> response = get(path);
        return switch (response.code()) {
            case HttpURLConnection.HTTP_OK -> uid(response.body()).equals(owner.getUid());
            case HttpURLConnection.HTTP_NOT_FOUND -> false;
            default -> throw new KubernetesClientException("GET " + path, response.code(), null);
        };
    }

    private HttpResponse<String> get(String path) throws InterruptedException {
        // The URL of the API server may have a path, as behind Rancher.
        String server = client.getConfiguration().getMasterUrl().replaceFirst("/+$", "");
        var request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(URI.create(server + path))
                .header("Accept", METADATA_ONLY)
                .build();
        try {
            return client.getHttpClient()
                    .sendAsync(request, String.class)
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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
