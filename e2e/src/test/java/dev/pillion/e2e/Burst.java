package dev.pillion.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Creates many Pods at once, as after the loss of a node. No scheduler handles them, because only their creation counts. */
record Burst(List<Pod> pods, double seconds) {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              generateName: burst-
              labels: {app: burst}
              annotations:
                pillion.dev/inject: logging, env
                pillion.dev/wait-for: postgres:5432
                env.pillion.dev/variables: NUMBER=%d
            spec:
              schedulerName: none
              containers: [{name: app, image: "busybox:1.37"}]
            """;

    /** The containers of each Pod after injection. */
    static final List<String> CONTAINERS = List.of("wait-for-postgres-5432", "log-tailer", "app");

    /**
     * Creates the Pods. Fails if one of them is denied.
     *
     * @param creators the number of requests at the same time
     */
    static Burst of(int pods, int creators, Sandbox sandbox) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        List<Future<Pod>> creations = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(creators)) {
            for (int number = 0; number < pods; number++) {
                String manifest = POD.formatted(number);
                creations.add(threads.submit(() -> (Pod) sandbox.client()
                        .resource(manifest)
                        .inNamespace(sandbox.namespace())
                        .create()));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Pod> created = new ArrayList<>();
        for (Future<Pod> creation : creations) {
            created.add(creation.get());
        }
        return new Burst(created, seconds);
    }
}
