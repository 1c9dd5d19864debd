package dev.pillion.injection.apply;

import java.util.Optional;
import java.util.Set;

/** The known keys of the ConfigMaps and Secrets that containers take variables from by {@code envFrom}. */
@FunctionalInterface
public interface VariableSources {

    /** Used by the webhook: reading ConfigMaps and Secrets would require I/O, and a permission for all Secrets. */
    VariableSources UNKNOWN = (namespace, kind, name) -> Optional.empty();

    /**
     * The keys of a ConfigMap or Secret; empty if they are not known.
     *
     * @param kind {@code ConfigMap} or {@code Secret}
     */
    Optional<Set<String>> keys(String namespace, String kind, String name);
}
