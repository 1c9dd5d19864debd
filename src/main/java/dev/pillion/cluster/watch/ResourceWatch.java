package dev.pillion.cluster.watch;

import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.cluster.WatchHealth;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import org.jspecify.annotations.Nullable;

/** The watch of one kind of custom resource. It is repeated until it works, also if its definition is installed later. */
final class ResourceWatch implements AutoCloseable {

    private final Kind kind;
    private final WatchHealth health;
    private final ResourceStore store;
    private final Runnable changed;
    private volatile boolean listed;
    private @Nullable SupervisedInformer<GenericKubernetesResource> informer;

    ResourceWatch(Kind kind, String server, Runnable changed) {
        this.kind = kind;
        this.health = new WatchHealth(server, kind.plural());
        this.store = new ResourceStore(kind, changed);
        this.changed = changed;
    }

    void start(KubernetesClient client) {
        informer = new SupervisedInformer<>(
                () -> client.genericKubernetesResources(context(kind))
                        .runnableInformer(0)
                        .removeNamespaceIndex()
                        .itemStore(store),
                failure -> {
                    health.failed(failure);
                    changed.run();
                },
                () -> {
                    listed = true;
                    changed.run();
                });
        informer.start();
    }

    /** Restarts the watch if it has ended. */
    void check() {
        if (informer != null) {
            informer.check();
        }
    }

    static ResourceDefinitionContext context(Kind kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(CatalogResource.GROUP)
                .withVersion(CatalogResource.VERSION)
                .withKind(kind.word())
                .withPlural(kind.plural())
                .withNamespaced(false)
                .build();
    }

    WatchHealth health() {
        return health;
    }

    ResourceStore store() {
        return store;
    }

    /** Whether all were listed at least once. Never becomes false again. */
    boolean listed() {
        return listed;
    }

    @Override
    public void close() {
        if (informer != null) {
            informer.close();
        }
    }
}
