package dev.pillion.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The built-in resources of Kubernetes that are Pods or have a Pod template, with the names that kubectl accepts. */
public enum ResourceType implements ApiResource {
    POD("v1", "Pod", "pods", "po"),
    DEPLOYMENT("apps/v1", "Deployment", "deployments", "deploy"),
    STATEFUL_SET("apps/v1", "StatefulSet", "statefulsets", "sts"),
    DAEMON_SET("apps/v1", "DaemonSet", "daemonsets", "ds"),
    REPLICA_SET("apps/v1", "ReplicaSet", "replicasets", "rs"),
    REPLICATION_CONTROLLER("v1", "ReplicationController", "replicationcontrollers", "rc"),
    JOB("batch/v1", "Job", "jobs", "job"),
    CRON_JOB("batch/v1", "CronJob", "cronjobs", "cj");

    private final String apiVersion;
    private final String kind;
    private final String plural;
    private final String shortName;

    ResourceType(String apiVersion, String kind, String plural, String shortName) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.plural = plural;
        this.shortName = shortName;
    }

    /**
     * The resource with this plural, singular or short name, in any case; empty if there is none. The group, or the version and the group, can
     * follow, as in {@code deployment.apps} and {@code deployments.v1.apps}.
     */
    public static Optional<ResourceType> named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(type -> type.isNamed(lower)).findFirst();
    }

    private boolean isNamed(String name) {
        if (group().isEmpty()) {
            return names().contains(name);
        }
        return names().stream()
                .flatMap(own -> Stream.of(own, own + "." + group(), own + "." + version() + "." + group()))
                .anyMatch(name::equals);
    }

    /** The plural, singular and short names. */
    public List<String> names() {
        return List.of(plural, kind.toLowerCase(Locale.ROOT), shortName);
    }

    /** All plurals, for messages. */
    public static String all() {
        return Arrays.stream(values()).map(type -> type.plural).collect(Collectors.joining(", "));
    }

    @Override
    public String apiVersion() {
        return apiVersion;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public String plural() {
        return plural;
    }
}
