package dev.pillion.cluster;

/** A type that {@link ApiDiscovery} found: {@code rollouts.argoproj.io}, or a type of Kubernetes that is no workload, such as Services. */
record DiscoveredType(String apiVersion, String kind, String plural) implements ApiResource {}
