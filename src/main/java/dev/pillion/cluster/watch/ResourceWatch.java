package dev.pillion.cluster.watch;

import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.cluster.WatchHealth;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import org.jspecify.annotations.Nullable;

/** One kind of custom resource, listed and watched for as long as it takes; also for its definition to be installed. */
final class ResourceWatch implements AutoCloseable {

    private final Kind kind;
    private final WatchHealth trouble;
    private final ResourceStore store;
    private final Runnable changed;
    private volatile boolean listed;
    private @Nullable SupervisedInformer<GenericKubernetesResource> informer;

    ResourceWatch(Kind kind, String server, Runnable changed) {
        this.kind = kind;
        this.trouble = new WatchHealth(server, kind.plural());
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
                    trouble.heard(failure);
                    changed.run();
                },
                () -> {
                    listed = true;
                    changed.run();
                });
        informer.start();
    }

    /** Starts another watch if the one there was has ended for good. */
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

    WatchHealth trouble() {
        return trouble;
    }

    ResourceStore store() {
        return store;
    }

    /** Whether all have been known since some moment. Once so, it stays so. */
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
