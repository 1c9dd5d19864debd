package dev.pillion.admission;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Injector;
import dev.pillion.pod.Namespace;

/** What a decision rests on beside the review itself. */
public record Basis(Injector injector, Catalog catalog, Namespace namespace) {

    /** Whether the same review would get the same answer. Catalogs and injectors do not change; they are replaced. */
    public boolean isStill(Basis now) {
        return injector == now.injector && catalog == now.catalog && namespace.equals(now.namespace);
    }
}
