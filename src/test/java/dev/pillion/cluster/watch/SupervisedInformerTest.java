package dev.pillion.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pillion.cluster.FakeApiServer;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SupervisedInformerTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final FakeApiServer server = new FakeApiServer();
    private final NamespaceStore store = new NamespaceStore();
    private final List<SharedIndexInformer<Namespace>> created = new ArrayList<>();
    private final AtomicInteger listed = new AtomicInteger();
    private final List<Throwable> failures = new ArrayList<>();
    private KubernetesClient client;
    private SupervisedInformer<Namespace> informer;

    @BeforeEach
    void start() throws Exception {
        client = server.cluster().client("test");
        informer = new SupervisedInformer<>(
                () -> {
                    var next = client.namespaces()
                            .runnableInformer(0)
                            .removeNamespaceIndex()
                            .itemStore(store);
                    created.add(next);
                    return next;
                },
                failures::add,
                listed::incrementAndGet);
        server.put("shop", Map.of());
        informer.start();
        await().atMost(SOON).until(() -> created.getFirst().isWatching());
    }

    @AfterEach
    void stop() {
        informer.close();
        client.close();
        server.close();
    }

    @Test
    void isKeptWhileItWatches() {
        informer.check();

        assertThat(created).hasSize(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void isReplacedAfterItHasEnded() {
        created.getFirst().stop();
        server.put("bank", Map.of());

        informer.check();

        await().atMost(SOON).until(() -> store.find("bank").isPresent());
        assertThat(store.find("shop")).isPresent();
        assertThat(created).hasSize(2);
        assertThat(failures).singleElement().asString().contains("the watch has ended");
        await().atMost(SOON).until(() -> listed.get() == 2);
    }

    @Test
    void isNotReplacedAfterItIsClosed() {
        informer.close();

        informer.check();

        assertThat(created).hasSize(1);
    }
}
