package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.ReservedPort;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import io.fabric8.kubernetes.client.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of an API server that is necessary for watching namespaces, profiles and policies. KubernetesMockServer cannot stop and start
 * again with the same objects, resume a watch from a resource version, or reply 410 because that version is too old. Custom resources
 * exist only after {@link #define}.
 */
public final class FakeApiServer implements AutoCloseable {

    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String EVENTS = "/api/v1/namespaces/default/events";
    private static final String CUSTOM = "/apis/pillion.dev/v1alpha1/";

    private record Event(String path, int version, ObjectNode json) {}

    private record Watch(String path, ServerWebSocket socket) {}

    private record Refusal(int code, String message) {}

    private final Vertx vertx = Vertx.vertx();
    /** The path of a list, then the name of the object. */
    private final Map<String, Map<String, ObjectNode>> objects = new TreeMap<>(Map.of(NAMESPACES, new TreeMap<>()));

    private final List<Event> history = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private final List<JsonNode> events = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private Optional<Refusal> refusal = Optional.empty();
    private String refusedStatus = "";
    private int version = 1;
    private int oldestKept = 1;
    private final ReservedPort port = new ReservedPort();
    private HttpServer http;

    public FakeApiServer() {
        start();
    }

    public String url() {
        return "http://127.0.0.1:" + port.number();
    }

    /** This server, for a client that opens an ended watch again after 10 ms. */
    public Cluster cluster() {
        Config config = Config.empty();
        config.setMasterUrl(url());
        config.setWatchReconnectInterval(10);
        return new Cluster(config);
    }

    /** Starts on the same port each time. */
    public void start() {
        http = vertx.createHttpServer().requestHandler(this::answer);
        await(http.listen(port.number(), "127.0.0.1"));
    }

    /** Stops, and closes every connection. */
    public void stop() {
        await(http.close());
        port.awaitFree();
    }

    /** Answers every request with this code until {@link #allow}. */
    public synchronized void refuse(int code, String message) {
        refusal = Optional.of(new Refusal(code, message));
    }

    /** Answers 409 to writes of this status, as if the resource had been deleted and created again in between. */
    public synchronized void refuseStatusOf(String name) {
        refusedStatus = name;
    }

    public synchronized void allow() {
        refusal = Optional.empty();
    }

    /** Keeps the objects only. A watch from an earlier resource version gets 410. */
    public synchronized void forgetHistory() {
        history.clear();
        version += 10;
        oldestKept = version;
    }

    public void put(String name, Map<String, String> annotations) {
        put(name, Map.of(), annotations);
    }

    /** @param labels in addition to the two that every namespace has */
    public synchronized void put(String name, Map<String, String> labels, Map<String, String> annotations) {
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        ObjectNode metadata = namespace.putObject("metadata").put("name", name);
        metadata.putObject("labels").put("kubernetes.io/metadata.name", name).put("team", name + "-team");
        labels.forEach(metadata.withObject("labels")::put);
        annotations.forEach(metadata.putObject("annotations")::put);
        put(NAMESPACES, namespace);
    }

    public synchronized void delete(String name) {
        delete(NAMESPACES, name);
    }

    /** Defines the custom resources. */
    public synchronized void define() {
        objects.putIfAbsent(CUSTOM + "injectionprofiles", new TreeMap<>());
        objects.putIfAbsent(CUSTOM + "injectionpolicies", new TreeMap<>());
    }

    /** Creates or changes a custom resource like {@code kubectl apply}: it keeps the status and increments the generation. */
    public synchronized void apply(String plural, String yaml) {
        ObjectNode object = tree(yaml);
        String name = object.at("/metadata/name").asText();
        ObjectNode before = objects.get(CUSTOM + plural).get(name);
        ObjectNode metadata = object.withObject("metadata");
        metadata.put(
                "uid",
                before == null ? "uid-of-" + name : before.at("/metadata/uid").asText());
        metadata.put(
                "generation",
                before == null ? 1 : before.at("/metadata/generation").asInt() + 1);
        metadata.putArray("managedFields").addObject().put("manager", "kubectl");
        if (before != null && before.has("status")) {
            object.set("status", before.path("status"));
        }
        put(CUSTOM + plural, object);
    }

    public synchronized void delete(String pathOrPlural, String name) {
        String path = pathOrPlural.startsWith("/") ? pathOrPlural : CUSTOM + pathOrPlural;
        version++;
        ObjectNode gone = objects.get(path).remove(name).deepCopy();
        gone.withObject("metadata").put("resourceVersion", "" + version);
        publish(path, "DELETED", gone);
    }

    public synchronized void removeStatus(String plural, String name) {
        ObjectNode object = objects.get(CUSTOM + plural).get(name).deepCopy();
        object.remove("status");
        put(CUSTOM + plural, object);
    }

    public synchronized JsonNode stored(String plural, String name) {
        return objects.get(CUSTOM + plural).get(name).deepCopy();
    }

    /** The Events that clients created. */
    public synchronized List<JsonNode> events() {
        return List.copyOf(events);
    }

    private void put(String path, ObjectNode object) {
        version++;
        object.withObject("metadata").put("resourceVersion", "" + version);
        boolean known = objects.get(path).put(object.at("/metadata/name").asText(), object) != null;
        publish(path, known ? "MODIFIED" : "ADDED", object.deepCopy());
    }

    /** Each request as method and URI. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** The number of open watches. */
    public synchronized int watches() {
        return watches.size();
    }

    /** A kubeconfig with this server as its cluster. */
    public Path kubeconfig(Path directory) throws IOException {
        return KubeconfigFile.write(directory, url());
    }

    @Override
    public void close() {
        await(vertx.close());
        port.close();
    }

    private synchronized void publish(String path, String type, ObjectNode object) {
        Event event = new Event(path, version, event(type, object));
        history.add(event);
        watches.stream().filter(watch -> watch.path().equals(path)).forEach(watch -> watch.socket()
                .writeTextMessage(event.json().toString()));
    }

    private synchronized void answer(HttpServerRequest request) {
        requests.add(request.method() + " " + request.uri());
        if (refusal.isPresent()) {
            answer(
                    request,
                    refusal.get().code(),
                    status(refusal.get().code(), refusal.get().message()));
        } else if (request.path().equals("/version")) {
            answer(request, 200, JsonNodeFactory.instance.objectNode().put("gitVersion", "v1.34.2"));
        } else if (request.method().equals(HttpMethod.POST) && request.path().equals(EVENTS)) {
            request.body().onSuccess(body -> createEvent(request, tree(body.toString())));
        } else if (request.method().equals(HttpMethod.PATCH) && request.path().endsWith("/status")) {
            request.body().onSuccess(body -> patchStatus(request, tree(body.toString())));
        } else if (!objects.containsKey(request.path())) {
            answer(request, 404, status(404, "the server could not find the requested resource"));
        } else if ("true".equals(request.getParam("watch"))) {
            int from = Integer.parseInt(request.getParam("resourceVersion"));
            request.toWebSocket().onSuccess(watch -> watch(request.path(), watch, from));
        } else {
            answer(request, 200, list(request.path()));
        }
    }

    private static void answer(HttpServerRequest request, int code, JsonNode body) {
        request.response()
                .setStatusCode(code)
                .putHeader("Content-Type", "application/json")
                .end(body.toString());
    }

    private synchronized void createEvent(HttpServerRequest request, ObjectNode event) {
        events.add(event);
        answer(request, 201, event);
    }

    /** Server-side apply by the only owner of the status. */
    private synchronized void patchStatus(HttpServerRequest request, ObjectNode patch) {
        String[] steps = request.path().split("/");
        String path = CUSTOM + steps[4];
        ObjectNode object = objects.get(path).get(steps[5]);
        if (object == null
                || steps[5].equals(refusedStatus)
                || !object.at("/metadata/uid").equals(patch.at("/metadata/uid"))) {
            answer(request, 409, status(409, "the object was not found, or is another one"));
            return;
        }
        ObjectNode present = object.deepCopy();
        present.set("status", patch.path("status"));
        put(path, present);
        answer(request, 200, present);
    }

    private synchronized void watch(String path, ServerWebSocket watch, int from) {
        if (from < oldestKept) {
            watch.writeTextMessage(event("ERROR", status(410, "too old resource version: " + from))
                    .toString());
            watch.close();
            return;
        }
        history.stream()
                .filter(event -> event.path().equals(path) && event.version() > from)
                .forEach(event -> watch.writeTextMessage(event.json().toString()));
        Watch known = new Watch(path, watch);
        watches.add(known);
        watch.closeHandler(closed -> removeWatch(known));
    }

    private synchronized void removeWatch(Watch watch) {
        watches.remove(watch);
    }

    private ObjectNode list(String path) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("apiVersion", path.equals(NAMESPACES) ? "v1" : "pillion.dev/v1alpha1");
        list.put("kind", path.equals(NAMESPACES) ? "NamespaceList" : "List");
        list.putObject("metadata").put("resourceVersion", "" + version);
        list.putArray("items").addAll(objects.get(path).values());
        return list;
    }

    private static ObjectNode tree(String yaml) {
        try {
            return (ObjectNode) YamlReader.read(yaml).getFirst().tree();
        } catch (YamlException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private static ObjectNode event(String type, ObjectNode object) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
        event.set("object", object);
        return event;
    }

    private static ObjectNode status(int code, String message) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        return status.put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", "Failure")
                .put("message", message)
                .put("code", code);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
