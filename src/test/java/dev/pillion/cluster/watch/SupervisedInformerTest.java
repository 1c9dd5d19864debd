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
    private final List<SharedIndexInformer<Namespace>> made = new ArrayList<>();
    private final AtomicInteger listed = new AtomicInteger();
    private final List<Throwable> failures = new ArrayList<>();
    private KubernetesClient client;
    private SupervisedInformer<Namespace> informer;

    @BeforeEach
    void start() throws Exception {
        client = server.cluster().client("test");
        informer = new SupervisedInformer<>(
                () -> {
                    var another = client.namespaces()
                            .runnableInformer(0)
                            .removeNamespaceIndex()
                            .itemStore(store);
                    made.add(another);
                    return another;
                },
                failures::add,
                listed::incrementAndGet);
        server.put("shop", Map.of());
        informer.start();
        await().atMost(SOON).until(() -> made.getFirst().isWatching());
    }

    @AfterEach
    void stop() {
        informer.close();
        client.close();
        server.close();
    }

    @Test
    void isLeftAloneWhileItWatches() {
        informer.check();

        assertThat(made).hasSize(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void isReplacedWhenItHasEndedForGood() {
        made.getFirst().stop();
        server.put("bank", Map.of());

        informer.check();

        await().atMost(SOON).until(() -> store.find("bank").isPresent());
        assertThat(store.find("shop")).isPresent();
        assertThat(made).hasSize(2);
        assertThat(failures).singleElement().asString().contains("the watch has ended");
        await().atMost(SOON).until(() -> listed.get() == 2);
    }

    @Test
    void isNotReplacedOnceItIsClosed() {
        informer.close();

        informer.check();

        assertThat(made).hasSize(1);
    }
}
