package dev.pillion.admission;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Injector;
import dev.pillion.pod.Namespace;
import java.util.function.Function;
import java.util.function.Supplier;

/** Everything beside the review that a decision depends on. */
public record DecisionSnapshot(Injector injector, Catalog catalog, Namespace namespace) {

    /**
     * Returns the state at the time of the call, for a namespace by its name.
     *
     * @param injector for the current version of the cluster; one injector decides one review
     * @param namespaces the labels and annotations of a namespace, by its name
     */
    public static Function<String, DecisionSnapshot> current(
            Supplier<Injector> injector, Supplier<Catalog> catalog, Function<String, Namespace> namespaces) {
        return namespace -> new DecisionSnapshot(injector.get(), catalog.get(), namespaces.apply(namespace));
    }

    /** Whether the same review would get the same response. Catalogs and injectors are immutable, so identity is enough. */
    public boolean isSameAs(DecisionSnapshot other) {
        return injector == other.injector && catalog == other.catalog && namespace.equals(other.namespace);
    }
}
