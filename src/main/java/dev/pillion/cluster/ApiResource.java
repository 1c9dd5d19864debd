package dev.pillion.cluster;

import java.util.Optional;

/** A type of namespaced objects of an API server. */
public sealed interface ApiResource permits ResourceType, DiscoveredType {

    /** The group and version, for example {@code apps/v1}; only the version for the core group. */
    String apiVersion();

    String kind();

    /** The name in paths, for example {@code deployments}. */
    String plural();

    /** The API group; empty for the core group. */
    default String group() {
        int slash = apiVersion().indexOf('/');
        return slash < 0 ? "" : apiVersion().substring(0, slash);
    }

    /** The version in its group. */
    default String version() {
        return apiVersion().substring(apiVersion().indexOf('/') + 1);
    }

    /** The path of all objects, or of those of a namespace. */
    default String path(Optional<String> namespace) {
        String api = group().isEmpty() ? "/api/" : "/apis/";
        return api + apiVersion()
                + namespace.map(name -> "/namespaces/" + ApiPaths.encoded(name)).orElse("") + "/" + plural();
    }
}
