package dev.pillion.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.util.List;

/** What the API server does to a Pod between the calls of webhooks (k8s.io/apiserver and the plug-in ServiceAccount). */
final class ApiServer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** The name and the uid of the Pod in the reviews. Those of the requests vary. */
    private static final String SUFFIX = "q4r7d";

    private static final String POD_UID = "7b1d0c52-9e7f-4f5e-8c1b-2d3f6a905e41";

    private static final ObjectNode CONTAINER_DEFAULTS = defaults(
            """
            {"resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}""");

    private static final ObjectNode PROBE_DEFAULTS =
            defaults("{\"timeoutSeconds\":1,\"periodSeconds\":10,\"successThreshold\":1,\"failureThreshold\":3}");

    private static final ObjectNode PORT_DEFAULTS = defaults("{\"protocol\":\"TCP\"}");

    private ApiServer() {}

    /** The review of the second call of {@code /mutate}. */
    static Review secondPass(Review first, JsonNode response) throws IOException {
        ObjectNode document = afterMutation(first, response);
        return new Review(Review.MUTATE, Review.Expected.UNCHANGED, Review.text(document), first.varying());
    }

    /** The review of the call of {@code /validate}: the API server has given the Pod a name, a uid, a time and a status. */
    static Review validation(Review first, JsonNode response) throws IOException {
        ObjectNode document = afterMutation(first, response);
        ObjectNode request = (ObjectNode) document.path("request");
        ObjectNode pod = (ObjectNode) request.path("object");
        ObjectNode metadata = (ObjectNode) pod.path("metadata");
        boolean generated = !metadata.has("name");
        String name = generated ? metadata.path("generateName").asText() + SUFFIX : metadata.path("name").asText();
        String time = metadata.at("/managedFields/0/time").asText();
        pod.set("metadata", created(metadata, name, time));
        pod.set("status", JSON.createObjectNode().put("phase", "Pending").put("qosClass", "Burstable"));
        document.set("request", named(request, name));
        Review review = new Review(Review.VALIDATE, Review.Expected.UNCHANGED, Review.text(document), first.varying())
                .varyingUid(POD_UID, Placeholder.POD_UID);
        return generated ? review.varying(SUFFIX, Placeholder.POD_NAME.suffix()) : review;
    }

    /** Applies the patch, then the defaults of the fields in it, and mounts the token into new containers. */
    private static ObjectNode afterMutation(Review first, JsonNode response) throws IOException {
        ObjectNode document = (ObjectNode) first.document();
        ObjectNode request = (ObjectNode) document.path("request");
        JsonNode pod = request.path("object");
        if (response.has("patch")) {
            pod = JsonPatch.apply(JSON.readTree(response.path("patch").binaryValue()), pod);
        }
        String token = tokenVolume(pod);
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode each : pod.path("spec").path(list)) {
                ObjectNode container = (ObjectNode) each;
                setDefaults(container);
                if (!token.isEmpty()) {
                    mount(container, token);
                }
            }
        }
        request.set("object", pod);
        return document;
    }

    private static String tokenVolume(JsonNode pod) {
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.path("name").asText().startsWith("kube-api-access-")) {
                return volume.path("name").asText();
            }
        }
        return "";
    }

    private static void mount(ObjectNode container, String token) {
        ArrayNode mounts = container.withArray("volumeMounts");
        for (JsonNode mount : mounts) {
            if (mount.path("mountPath").asText().equals(TOKEN_PATH)) {
                return;
            }
        }
        mounts.addObject().put("name", token).put("readOnly", true).put("mountPath", TOKEN_PATH);
    }

    private static void setDefaults(ObjectNode container) {
        setMissing(container, CONTAINER_DEFAULTS);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            if (container.has(probe)) {
                setMissing(container.path(probe), PROBE_DEFAULTS);
            }
        }
        container.path("ports").forEach(port -> setMissing(port, PORT_DEFAULTS));
    }

    private static void setMissing(JsonNode node, ObjectNode defaults) {
        defaults.properties().forEach(each -> ((ObjectNode) node).putIfAbsent(each.getKey(), each.getValue().deepCopy()));
    }

    private static ObjectNode defaults(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static ObjectNode created(ObjectNode metadata, String name, String time) {
        ObjectNode result = JSON.createObjectNode().put("name", name);
        copy(metadata, result, "generateName");
        copy(metadata, result, "namespace");
        result.put("uid", POD_UID).put("generation", 1).put("creationTimestamp", time);
        metadata.remove("creationTimestamp");
        metadata.properties().forEach(each -> result.putIfAbsent(each.getKey(), each.getValue()));
        return result;
    }

    private static void copy(ObjectNode from, ObjectNode to, String field) {
        if (from.has(field)) {
            to.set(field, from.get(field));
        }
    }

    /** The request of a Pod with a generated name has no name before. */
    private static ObjectNode named(ObjectNode request, String name) {
        ObjectNode result = JSON.createObjectNode();
        request.properties().forEach(each -> {
            if (each.getKey().equals("namespace")) {
                result.put("name", name);
            }
            result.set(each.getKey(), each.getValue());
        });
        return result;
    }
}
