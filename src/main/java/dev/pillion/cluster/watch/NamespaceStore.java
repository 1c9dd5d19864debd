package dev.pillion.cluster.watch;

import dev.pillion.pod.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The informer's store of namespaces. It keeps labels and annotations only: managed fields are most of the rest. */
final class NamespaceStore implements ItemStore<io.fabric8.kubernetes.api.model.Namespace> {

    private final Map<String, Namespace> known = new ConcurrentHashMap<>();

    Collection<Namespace> known() {
        return known.values();
    }

    Optional<Namespace> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Override
    public String getKey(io.fabric8.kubernetes.api.model.Namespace namespace) {
        return namespace.getMetadata().getName();
    }

    @Override
    public io.fabric8.kubernetes.api.model.@Nullable Namespace put(
            String name, io.fabric8.kubernetes.api.model.Namespace namespace) {
        try {
            return known.put(name, read(name, namespace.getMetadata())) == null ? null : shell(name);
        } catch (Error e) {
            // Fabric8 lists again after an exception, but not after an Error.
            throw new IllegalStateException("namespace " + name + " cannot be stored", e);
        }
    }

    @Override
    public io.fabric8.kubernetes.api.model.@Nullable Namespace remove(String name) {
        return known.remove(name) == null ? null : shell(name);
    }

    @Override
    public Stream<String> keySet() {
        return known.keySet().stream();
    }

    @Override
    public Stream<io.fabric8.kubernetes.api.model.Namespace> values() {
        return known.keySet().stream().map(NamespaceStore::shell);
    }

    @Override
    public int size() {
        return known.size();
    }

    @Override
    public io.fabric8.kubernetes.api.model.@Nullable Namespace get(String name) {
        return known.containsKey(name) ? shell(name) : null;
    }

    private static Namespace read(String name, ObjectMeta metadata) {
        Map<String, String> labels = new HashMap<>(Namespace.named(name).labels());
        labels.putAll(orEmpty(metadata.getLabels()));
        return new Namespace(name, labels, orEmpty(metadata.getAnnotations()));
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    /** The part of a stored object that the informer itself needs. */
    private static io.fabric8.kubernetes.api.model.Namespace shell(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }
}
