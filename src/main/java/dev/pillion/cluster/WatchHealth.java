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
 * Whether changes of one kind of resource are received, and if not, why. Logs each change of the cause, not each attempt.
 *
 * <p>The informer reports a list that fails. It repeats a lost watch without a report, so this is also an interceptor of the client's requests.
 */
public final class WatchHealth implements Interceptor {

    private static final Logger LOG = Logger.getLogger(WatchHealth.class);

    private final String server;
    private final String resources;
    private volatile Optional<String> cause;
    private volatile boolean absent;
    private volatile long since = System.nanoTime();
    private String logged = "";

    /** @param resources as in the paths of the API server, for example {@code namespaces} */
    public WatchHealth(String server, String resources) {
        this.server = server;
        this.resources = resources;
        this.cause = Optional.of("the API server at " + server + " has not answered yet");
    }

    /** Empty while the watch works. */
    public Optional<String> cause() {
        return cause;
    }

    /**
     * For how long no changes were received; zero while the watch works and while the resources are not defined. A connection that dies without
     * notice is detected when fabric8 renews the watch, after ten minutes at most.
     */
    public Duration lag() {
        return cause.isEmpty() || absent ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Whether the API server answered that it has no such resources. */
    public boolean absent() {
        return absent;
    }

    /** A list or a watch failed and will be repeated. */
    public void failed(Throwable failure) {
        Optional<KubernetesClientException> response = responseIn(failure);
        if (response.isPresent()) {
            boolean notFound = response.get().getCode() == 404;
            if (absent && !notFound) {
                since = System.nanoTime();
            }
            absent = notFound;
        }
        setCause(response.map(each -> answered(each.getCode(), message(each))).orElseGet(() -> unreachable(failure)));
    }

    @Override
    public void after(
            HttpRequest request, HttpResponse<?> response, AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
        if (isWatch(request)) {
            if (response.isSuccessful() || response.code() == 101) {
                recovered();
            } else {
                setCause(answered(response.code(), ""));
            }
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        if (isWatch(request)) {
            setCause(unreachable(failure));
        }
    }

    /** One client may watch several kinds. */
    private boolean isWatch(HttpRequest request) {
        return request.uri().getPath().endsWith("/" + resources)
                && request.uri().getQuery() != null
                && request.uri().getQuery().contains("watch=true");
    }

    private synchronized void setCause(String newCause) {
        if (cause.isEmpty()) {
            since = System.nanoTime();
        }
        cause = Optional.of(newCause);
        if (!newCause.equals(logged)) {
            LOG.logf(
                    absent ? Logger.Level.INFO : Logger.Level.WARN,
                    "changes of %s are not received: %s",
                    resources,
                    newCause);
            logged = newCause;
        }
    }

    private synchronized void recovered() {
        if (cause.isPresent()) {
            LOG.infof("%s are watched at %s", resources, server);
        }
        absent = false;
        cause = Optional.empty();
        logged = "";
    }

    private static Optional<KubernetesClientException> responseIn(Throwable failure) {
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

    /** The message of the root cause, in one line. */
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
