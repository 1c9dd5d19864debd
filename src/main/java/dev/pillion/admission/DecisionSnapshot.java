package dev.pillion.admission;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Injector;
import dev.pillion.pod.Namespace;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a decision rests on beside the review itself. */
public record DecisionSnapshot(Injector injector, Catalog catalog, Namespace namespace) {

    /**
     * What there is at the time that it is asked for, by the name of a namespace.
     *
     * @param injector for the cluster as it is at the time; each review is decided by one
     * @param namespaces what is known of a namespace, by its name
     */
    public static Function<String, DecisionSnapshot> current(
            Supplier<Injector> injector, Supplier<Catalog> catalog, Function<String, Namespace> namespaces) {
        return namespace -> new DecisionSnapshot(injector.get(), catalog.get(), namespaces.apply(namespace));
    }

    /** Whether the same review would get the same answer. Catalogs and injectors do not change; they are replaced. */
    public boolean isStill(DecisionSnapshot now) {
        return injector == now.injector && catalog == now.catalog && namespace.equals(now.namespace);
    }
}
