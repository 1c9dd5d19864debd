package dev.pillion.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.ReservedPort;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.zjsonpatch.JsonPatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of an API server that is necessary for reading and writing objects by name, with optimistic locking. It can stop, start again,
 * and refuse requests.
 */
public final class FakeObjects implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();
    private Optional<String> refused = Optional.empty();
    private int version;
    private final ReservedPort port = new ReservedPort();
    private HttpServer http;

    public FakeObjects() {
        start();
    }

    public void start() {
        http = vertx.createHttpServer().requestHandler(this::handle);
        await(http.listen(port.number(), "127.0.0.1"));
    }

    public void stop() {
        await(http.close());
        port.awaitFree();
    }

    public KubernetesClient client() throws InvalidClusterException {
        Config config = Config.empty();
        config.setMasterUrl("http://127.0.0.1:" + port.number());
        config.setRequestTimeout(2_000);
        return new Cluster(config).client("pillion/test");
    }

    /** Answers 403 to requests whose method and path contain this, until {@link #allow}. */
    public synchronized void refuse(String part) {
        refused = Optional.of(part);
    }

    public synchronized void allow() {
        refused = Optional.empty();
    }

    /** @param path as requests name the object, without {@code /api} or {@code /apis} */
    public synchronized Optional<ObjectNode> find(String path) {
        return Optional.ofNullable(objects.get(path)).map(ObjectNode::deepCopy);
    }

    public synchronized void put(String path, String json) throws JsonProcessingException {
        store(path, (ObjectNode) JSON.readTree(json));
    }

    public synchronized void delete(String path) {
        objects.remove(path);
    }

    /** Each request that is not a GET, as method and path. */
    public synchronized List<String> writes() {
        return requests.stream().filter(it -> !it.startsWith("GET")).toList();
    }

    public synchronized void forgetRequests() {
        requests.clear();
    }

    @Override
    public void close() {
        await(vertx.close());
        port.close();
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Response response;
            try {
                response = respond(request.method().name(), request.path(), body);
            } catch (Exception e) {
                response = failure(400, e.toString());
            }
            request.response()
                    .setStatusCode(response.code())
                    .putHeader("Content-Type", "application/json")
                    .end(response.body().toString());
        });
    }

    private record Response(int code, JsonNode body) {}

    private synchronized Response respond(String method, String uri, Buffer body) throws Exception {
        String path = uri.replaceFirst("^/apis?/", "");
        requests.add(method + " " + path);
        if (refused.filter((method + " " + path)::contains).isPresent()) {
            return failure(403, path + " is forbidden");
        }
        return switch (method) {
            case "GET" ->
                found(path).map(it -> new Response(200, it)).orElseGet(() -> failure(404, path + " not found"));
            case "POST" -> create(path, (ObjectNode) JSON.readTree(body.getBytes()));
            case "PUT" -> update(path, (ObjectNode) JSON.readTree(body.getBytes()));
            case "PATCH" -> patch(path, JSON.readTree(body.getBytes()));
            default -> failure(405, method);
        };
    }

    private Optional<ObjectNode> found(String path) {
        return Optional.ofNullable(objects.get(path));
    }

    private Response create(String collection, ObjectNode object) {
        String name = object.at("/metadata/name")
                .asText(object.at("/metadata/generateName").asText() + version);
        String path = collection + "/" + name;
        return objects.containsKey(path)
                ? failure(409, path + " already exists")
                : new Response(201, store(path, object));
    }

    private Response update(String path, ObjectNode object) {
        if (!objects.containsKey(path)) {
            return failure(404, path + " not found");
        }
        return isStale(path, object) ? failure(409, path + " was modified") : new Response(200, store(path, object));
    }

    /** @param patch a list for a JSON Patch, otherwise a merge patch */
    private Response patch(String path, JsonNode patch) {
        ObjectNode present = objects.get(path);
        if (present == null) {
            return failure(404, path + " not found");
        }
        if (patch.isArray()) {
            return new Response(200, store(path, (ObjectNode) JsonPatch.apply(patch, present)));
        }
        if (isStale(path, (ObjectNode) patch)) {
            return failure(409, path + " was modified");
        }
        ObjectNode merged = present.deepCopy();
        merge(merged, (ObjectNode) patch);
        return new Response(200, store(path, merged));
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue().isObject()
                    && target.path(field.getKey()).isObject()) {
                merge((ObjectNode) target.get(field.getKey()), (ObjectNode) field.getValue());
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }

    private boolean isStale(String path, ObjectNode object) {
        String expected = object.at("/metadata/resourceVersion").asText("");
        return !expected.isEmpty()
                && !expected.equals(
                        objects.get(path).at("/metadata/resourceVersion").asText());
    }

    private ObjectNode store(String path, ObjectNode object) {
        ObjectNode stored = object.deepCopy();
        stored.withObject("/metadata").put("resourceVersion", "" + ++version);
        objects.put(path, stored);
        return stored;
    }

    private static Response failure(int code, String message) {
        ObjectNode status = JSON.createObjectNode();
        status.put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", "Failure")
                .put("message", message)
                .put("code", code);
        return new Response(code, status);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
