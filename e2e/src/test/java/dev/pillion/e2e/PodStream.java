package dev.pillion.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Creates Pods at a constant rate until it is closed. No scheduler handles them. */
final class PodStream implements AutoCloseable {

    private static final int CREATORS = 4;
    private static final int PER_SECOND = 20;
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {generateName: stream-, annotations: {pillion.dev/inject: logging}}
            spec:
              schedulerName: none
              containers: [{name: app, image: "busybox:1.37"}]
            """;

    private final KubernetesClient client;
    private final String namespace;
    private final ScheduledExecutorService creators = Executors.newScheduledThreadPool(CREATORS);
    private final Queue<Pod> created = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private PodStream(Sandbox sandbox) {
        namespace = sandbox.namespace();
        // By default the client retries after a 500, which is the result of a failed webhook call.
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(sandbox.client().getConfiguration())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    static PodStream into(Sandbox sandbox) {
        PodStream stream = new PodStream(sandbox);
        for (int creator = 0; creator < CREATORS; creator++) {
            stream.creators.scheduleAtFixedRate(
                    stream::create, creator * 1000L / PER_SECOND, CREATORS * 1000L / PER_SECOND, TimeUnit.MILLISECONDS);
        }
        return stream;
    }

    private void create() {
        try {
            created.add((Pod) client.resource(POD).inNamespace(namespace).create());
        } catch (KubernetesClientException e) {
            failures.add(String.valueOf(e.getMessage()));
        }
    }

    int created() {
        return created.size();
    }

    /** The Pods that were admitted without the companion that they request. */
    List<String> bare() {
        return created.stream()
                .filter(pod -> !Manifests.names(pod).contains("log-tailer"))
                .map(pod ->
                        pod.getMetadata().getName() + " at " + pod.getMetadata().getCreationTimestamp())
                .toList();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits until the last Pod is created. */
    @Override
    public void close() throws InterruptedException {
        creators.shutdown();
        if (!creators.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a Pod's creation has not been answered for a minute");
        }
        client.close();
    }
}
