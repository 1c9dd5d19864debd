package dev.pillion.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * As much of an API server as watching namespaces needs, with what KubernetesMockServer lacks: it goes away and comes back with all it
 * knew, sends a watch what happened since the version that it asks from, and forgets that history when it is told to.
 */
public final class FakeApiServer implements AutoCloseable {

    private record Event(int version, ObjectNode json) {}

    private record Refusal(int code, String message) {}

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, ObjectNode> namespaces = new TreeMap<>();
    private final List<Event> history = new ArrayList<>();
    private final List<ServerWebSocket> watches = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private Optional<Refusal> refusal = Optional.empty();
    private int version = 1;
    private int oldestKept = 1;
    private int port;
    private HttpServer http;

    public FakeApiServer() {
        start();
    }

    public String url() {
        return "http://localhost:" + port;
    }

    /** Comes up, or comes back on the port that it had. */
    public void start() {
        http = vertx.createHttpServer().requestHandler(this::answer);
        port = done(http.listen(port, "localhost")).actualPort();
    }

    /** Goes away, and drops every connection. */
    public void stop() {
        done(http.close());
    }

    /** Answers everything with this from now on. */
    public synchronized void refuse(int code, String message) {
        refusal = Optional.of(new Refusal(code, message));
    }

    public synchronized void allow() {
        refusal = Optional.empty();
    }

    /** Keeps the namespaces, but not how they came about: whoever asks from before now is told 410. */
    synchronized void forgetHistory() {
        history.clear();
        version += 10;
        oldestKept = version;
    }

    public void put(String name, Map<String, String> annotations) {
        put(name, Map.of(), annotations);
    }

    /** @param labels beside those that every namespace here has */
    public synchronized void put(String name, Map<String, String> labels, Map<String, String> annotations) {
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        version++;
        ObjectNode metadata = namespace.putObject("metadata").put("name", name).put("resourceVersion", "" + version);
        metadata.putObject("labels").put("kubernetes.io/metadata.name", name).put("team", name + "-team");
        labels.forEach(metadata.withObject("labels")::put);
        annotations.forEach(metadata.putObject("annotations")::put);
        boolean known = namespaces.put(name, namespace) != null;
        happens(known ? "MODIFIED" : "ADDED", namespace);
    }

    synchronized void delete(String name) {
        version++;
        ObjectNode gone = namespaces.remove(name).deepCopy();
        gone.withObject("metadata").put("resourceVersion", "" + version);
        happens("DELETED", gone);
    }

    /** The requests that came in, as method and URI. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** How many watch at present. */
    synchronized int watches() {
        return watches.size();
    }

    /** A kubeconfig that leads here. */
    public Path kubeconfig(Path directory) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), """
                        apiVersion: v1
                        kind: Config
                        clusters: [{name: fake, cluster: {server: "%s"}}]
                        users: [{name: pillion, user: {token: secret}}]
                        contexts: [{name: fake, context: {cluster: fake, user: pillion}}]
                        current-context: fake
                        """.formatted(url()));
    }

    @Override
    public void close() {
        done(vertx.close());
    }

    private synchronized void happens(String type, ObjectNode namespace) {
        Event event = new Event(version, event(type, namespace));
        history.add(event);
        watches.forEach(watch -> watch.writeTextMessage(event.json().toString()));
    }

    private synchronized void answer(HttpServerRequest request) {
        requests.add(request.method() + " " + request.uri());
        if (refusal.isPresent()) {
            request.response()
                    .setStatusCode(refusal.get().code())
                    .putHeader("Content-Type", "application/json")
                    .end(status(refusal.get().code(), refusal.get().message()).toString());
        } else if ("true".equals(request.getParam("watch"))) {
            int from = Integer.parseInt(request.getParam("resourceVersion"));
            request.toWebSocket().onSuccess(watch -> watch(watch, from));
        } else {
            request.response().putHeader("Content-Type", "application/json").end(list().toString());
        }
    }

    private synchronized void watch(ServerWebSocket watch, int from) {
        if (from < oldestKept) {
            watch.writeTextMessage(event("ERROR", status(410, "too old resource version: " + from))
                    .toString());
            watch.close();
            return;
        }
        history.stream()
                .filter(event -> event.version() > from)
                .forEach(event -> watch.writeTextMessage(event.json().toString()));
        watches.add(watch);
        watch.closeHandler(closed -> forget(watch));
    }

    private synchronized void forget(ServerWebSocket watch) {
        watches.remove(watch);
    }

    private ObjectNode list() {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("apiVersion", "v1").put("kind", "NamespaceList");
        list.putObject("metadata").put("resourceVersion", "" + version);
        list.putArray("items").addAll(namespaces.values());
        return list;
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

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
