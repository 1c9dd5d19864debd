package dev.pillion.cluster;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers each request with the response that a test sets, and records the requests. */
public final class StubApiServer implements AutoCloseable {

    /** A response of the API server. */
    public record Response(int code, String body) {}

    private static final Response NOT_FOUND = new Response(404, "{}");

    private final HttpServer http;
    private final Map<String, Supplier<Response>> responses = new ConcurrentHashMap<>();
    private final Map<String, Function<String, Response>> patches = new ConcurrentHashMap<>();
    private final Map<String, Function<String, Response>> posts = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    public StubApiServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!body.isEmpty()) {
                bodies.add(body);
            }
            Response response = response(exchange.getRequestMethod(), exchange.getRequestURI(), body);
            byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(response.code(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        http.start();
    }

    private Response response(String method, URI uri, String body) {
        if (method.equals("PATCH")) {
            return patches.getOrDefault(uri.getPath(), _ -> NOT_FOUND).apply(body);
        }
        if (method.equals("POST") && posts.containsKey(uri.toString())) {
            return posts.get(uri.toString()).apply(body);
        }
        return responses.getOrDefault(uri.toString(), () -> NOT_FOUND).get();
    }

    /** @param uri path and query */
    public StubApiServer on(String uri, String body) {
        return on(uri, 200, body);
    }

    public StubApiServer on(String uri, int code, String body) {
        return on(uri, () -> new Response(code, body));
    }

    /** Calculates the response of each request. */
    public StubApiServer on(String uri, Supplier<Response> response) {
        responses.put(uri, response);
        return this;
    }

    /** @param response of the body of a patch of the object at this path */
    public StubApiServer onPatch(String path, Function<String, Response> response) {
        patches.put(path, response);
        return this;
    }

    /** @param response of the body of a POST to this path and query */
    public StubApiServer onPost(String uri, Function<String, Response> response) {
        posts.put(uri, response);
        return this;
    }

    String url() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    public Cluster cluster() {
        Config config = Config.empty();
        config.setMasterUrl(url());
        return new Cluster(config);
    }

    /** A kubeconfig with this server as its cluster. */
    public Path kubeconfig(Path directory) throws IOException {
        return KubeconfigFile.write(directory, url());
    }

    /** Each request as method and URI. */
    public List<String> requests() {
        return requests;
    }

    /** The bodies that are not empty. */
    public List<String> bodies() {
        return bodies;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
