package dev.pillion.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Why nothing is heard of a kind of resource, if nothing is. It is logged when it changes and not at each attempt.
 *
 * <p>Of a list that fails the informer tells. A watch that is lost it renews in silence, so that is heard of where requests pass.
 */
public final class WatchHealth implements Interceptor {

    private static final Logger LOG = Logger.getLogger(WatchHealth.class);

    private final String server;
    private final String resources;
    private volatile Optional<String> cause;
    private volatile boolean absent;
    private volatile long since = System.nanoTime();
    private String logged = "";

    /** @param resources as the API server's paths have them, for example {@code namespaces} */
    public WatchHealth(String server, String resources) {
        this.server = server;
        this.resources = resources;
        this.cause = Optional.of("the API server at " + server + " has not answered yet");
    }

    /** Empty while they are watched. */
    public Optional<String> cause() {
        return cause;
    }

    /**
     * For how long changes have not been heard of: zero while they are, and where there is nothing to hear of. A connection that dies
     * without a word counts as one until the watch is renewed, which fabric8 does after ten minutes at most.
     */
    public Duration lag() {
        return cause.isEmpty() || absent ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Whether the API server was heard to say that it knows no such resources. */
    public boolean absent() {
        return absent;
    }

    /** Something failed, and will be tried again. */
    public void heard(Throwable failure) {
        Optional<KubernetesClientException> answer = answerIn(failure);
        if (answer.isPresent()) {
            boolean unknown = answer.get().getCode() == 404;
            if (absent && !unknown) {
                since = System.nanoTime();
            }
            absent = unknown;
        }
        becomes(answer.map(given -> answered(given.getCode(), message(given))).orElseGet(() -> unreachable(failure)));
    }

    @Override
    public void after(
            HttpRequest request, HttpResponse<?> response, AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
        if (isWatch(request)) {
            if (response.isSuccessful() || response.code() == 101) {
                isOver();
            } else {
                becomes(answered(response.code(), ""));
            }
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        if (isWatch(request)) {
            becomes(unreachable(failure));
        }
    }

    /** Several kinds may be watched by one client. */
    private boolean isWatch(HttpRequest request) {
        return request.uri().getPath().endsWith("/" + resources)
                && request.uri().getQuery() != null
                && request.uri().getQuery().contains("watch=true");
    }

    private synchronized void becomes(String present) {
        if (cause.isEmpty()) {
            since = System.nanoTime();
        }
        cause = Optional.of(present);
        if (!present.equals(logged)) {
            LOG.logf(absent ? Logger.Level.INFO : Logger.Level.WARN, "%s are not heard of: %s", resources, present);
            logged = present;
        }
    }

    private synchronized void isOver() {
        if (cause.isPresent()) {
            LOG.infof("%s are watched at %s", resources, server);
        }
        absent = false;
        cause = Optional.empty();
        logged = "";
    }

    private static Optional<KubernetesClientException> answerIn(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof KubernetesClientException answer && answer.getCode() > 0) {
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }

    private String answered(int code, String message) {
        String remedy =
                switch (code) {
                    case 401 -> "; it does not know Pillion's token or certificate";
                    case 403 -> "; Pillion's ServiceAccount or user needs list and watch on " + resources;
                    case 404 -> "; it knows no " + resources;
                    default -> "";
                };
        return "the API server at " + server + " answered " + code + (message.isEmpty() ? "" : ": " + message) + remedy;
    }

    private static String message(KubernetesClientException answer) {
        return answer.getStatus() == null
                ? ""
                : Objects.requireNonNullElse(answer.getStatus().getMessage(), "");
    }

    private String unreachable(Throwable failure) {
        return "the API server at " + server + " cannot be reached: " + rootOf(failure);
    }

    /** What is at the bottom of a failure, in a line. */
    public static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return switch (root) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            default ->
                Objects.requireNonNullElse(root.getMessage(), root.getClass().getSimpleName())
                        .lines()
                        .findFirst()
                        .orElse("");
        };
    }
}
