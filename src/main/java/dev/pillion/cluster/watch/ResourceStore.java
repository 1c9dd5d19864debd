package dev.pillion.cluster.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.cluster.watch.ResourceReporter.Kept;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The informer's store of profiles or policies. They are kept as trees: a type would lose the fields that it does not know. */
final class ResourceStore implements ItemStore<GenericKubernetesResource> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kind kind;
    private final Runnable changed;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * @param condition in the status of the resource
     * @param generation in the status of a profile
     */
    record Known(
            CatalogResource resource, String uid, Optional<ReadyCondition> condition, Optional<String> generation) {

        Kept kept() {
            return new Kept(resource.lastGood(), generation, resource.history());
        }
    }

    /** @param changed runs when a resource is created, deleted or changed, but not when only its status changes */
    ResourceStore(Kind kind, Runnable changed) {
        this.kind = kind;
        this.changed = changed;
    }

    Collection<Known> known() {
        return known.values();
    }

    Optional<Known> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Override
    public String getKey(GenericKubernetesResource resource) {
        return resource.getMetadata().getName();
    }

    @Override
    public @Nullable GenericKubernetesResource put(String name, GenericKubernetesResource object) {
        Known present = readOrFail(name, object);
        Known before = known.put(name, present);
        if (before == null || present.resource().differsFrom(before.resource())) {
            changed.run();
        }
        return before == null ? null : shell(name);
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String name) {
        Known before = known.remove(name);
        if (before == null) {
            return null;
        }
        changed.run();
        return shell(name);
    }

    @Override
    public Stream<String> keySet() {
        return known.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return known.keySet().stream().map(ResourceStore::shell);
    }

    @Override
    public int size() {
        return known.size();
    }

    @Override
    public @Nullable GenericKubernetesResource get(String name) {
        return known.containsKey(name) ? shell(name) : null;
    }

    private Known readOrFail(String name, GenericKubernetesResource object) {
        try {
            return read(object);
        } catch (Error e) {
            // Fabric8 lists again after an exception, but not after an Error.
            throw new IllegalStateException(kind.word() + " " + name + " cannot be stored", e);
        }
    }

    private Known read(GenericKubernetesResource object) {
        ObjectNode tree = JSON.valueToTree(object);
        return new Known(
                CatalogResource.of(kind, tree),
                tree.path("metadata").path("uid").asText(),
                ReadyCondition.in(tree.path("status")),
                Optional.ofNullable(tree.path("status").path("generation").textValue()));
    }

    /** The part of a stored object that the informer itself needs. */
    private static GenericKubernetesResource shell(String name) {
        return new GenericKubernetesResourceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }
}
