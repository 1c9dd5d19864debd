package dev.pillion.injection.apply;

import java.util.Optional;
import java.util.Set;

/** What is known of the ConfigMaps and Secrets that containers take variables from by {@code envFrom}. */
@FunctionalInterface
public interface VariableSources {

    /** In the webhook: reading them would be I/O, and a permission for all Secrets. */
    VariableSources UNKNOWN = (namespace, kind, name) -> Optional.empty();

    /**
     * The keys of one of them; empty where it is not known.
     *
     * @param kind {@code ConfigMap} or {@code Secret}
     */
    Optional<Set<String>> keys(String namespace, String kind, String name);
}
