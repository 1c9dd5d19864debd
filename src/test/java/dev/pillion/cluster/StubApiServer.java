package dev.pillion.cluster;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each path with the response that a test sets, and records the requests. */
public final class StubApiServer implements AutoCloseable {

    private record Response(int code, String body) {}

    private final HttpServer http;
    private final Map<String, Response> responses = new ConcurrentHashMap<>();
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
            Response response = responses.getOrDefault(exchange.getRequestURI().toString(), new Response(404, "{}"));
            byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(response.code(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        http.start();
    }

    /** @param uri path and query */
    public StubApiServer on(String uri, String body) {
        return on(uri, 200, body);
    }

    public StubApiServer on(String uri, int code, String body) {
        responses.put(uri, new Response(code, body));
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
