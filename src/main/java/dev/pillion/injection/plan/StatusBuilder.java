package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.Status.Given;
import dev.pillion.pod.ContainerList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is added to a Pod, for its {@link Status}. The fields are those of the status. Not thread-safe. */
public final class StatusBuilder {

    /** The version of the format. */
    private static final int VERSION = 1;

    public final Map<String, Given> profiles = new LinkedHashMap<>();
    public final Set<String> initContainers = new LinkedHashSet<>();
    public final Set<String> containers = new LinkedHashSet<>();
    public final Set<String> volumes = new LinkedHashSet<>();
    public final Map<String, Set<String>> volumeMounts = new LinkedHashMap<>();
    public final Map<String, Set<String>> env = new LinkedHashMap<>();
    public final Map<String, Set<JsonNode>> envFrom = new LinkedHashMap<>();
    public final Map<String, Map<String, List<AppendedText>>> appended = new LinkedHashMap<>();
    public final Set<String> labels = new LinkedHashSet<>();
    public final Set<String> annotations = new LinkedHashSet<>();
    public final Set<String> imagePullSecrets = new LinkedHashSet<>();
    public final Map<String, JsonNode> podFields = new LinkedHashMap<>();
    public final Map<String, Set<JsonNode>> podElements = new LinkedHashMap<>();
    public final Set<String> safeToEvict = new LinkedHashSet<>();
    public final Map<String, Map<String, String>> hashes = new LinkedHashMap<>();
    public final Set<String> absent = new LinkedHashSet<>();
    public final Set<String> nulls = new LinkedHashSet<>();
    public final Map<String, @Nullable String> options = new LinkedHashMap<>();
    private boolean manifest;

    /** Starts with all that a status lists. */
    public static StatusBuilder of(Status status) {
        StatusBuilder builder = new StatusBuilder();
        builder.profiles.putAll(status.profiles());
        builder.initContainers.addAll(status.initContainers());
        builder.containers.addAll(status.containers());
        builder.volumes.addAll(status.volumes());
        builder.volumeMounts.putAll(copyOfSets(status.volumeMounts()));
        builder.env.putAll(copyOfSets(status.env()));
        builder.envFrom.putAll(copyOfSets(status.envFrom()));
        builder.appended.putAll(copyOfAppended(status.appended()));
        builder.labels.addAll(status.labels());
        builder.annotations.addAll(status.annotations());
        builder.imagePullSecrets.addAll(status.imagePullSecrets());
        builder.podFields.putAll(status.podFields());
        builder.podElements.putAll(copyOfSets(status.podElements()));
        builder.safeToEvict.addAll(status.safeToEvict());
        builder.hashes.putAll(copyOfHashes(status.hashes()));
        builder.absent.addAll(status.absent());
        builder.nulls.addAll(status.nulls());
        builder.options.putAll(status.options());
        return builder.manifest(status.manifest());
    }

    /** @param value whether a manifest is injected on the command line */
    public StatusBuilder manifest(boolean value) {
        manifest = value;
        return this;
    }

    /** The names of the containers that are added to a list. */
    public Set<String> list(ContainerList list) {
        return switch (list) {
            case INIT_CONTAINERS -> initContainers;
            case CONTAINERS -> containers;
        };
    }

    /** Adds to the set of a container or of a list. */
    public static <T> void list(Map<String, Set<T>> sets, String key, T element) {
        sets.computeIfAbsent(key, unused -> new LinkedHashSet<>()).add(element);
    }

    /** The status so far. It does not change when more is added here. */
    public Status build() {
        return new Status(
                VERSION,
                new LinkedHashMap<>(profiles),
                new LinkedHashSet<>(initContainers),
                new LinkedHashSet<>(containers),
                new LinkedHashSet<>(volumes),
                copyOfSets(volumeMounts),
                copyOfSets(env),
                copyOfSets(envFrom),
                copyOfAppended(appended),
                new LinkedHashSet<>(labels),
                new LinkedHashSet<>(annotations),
                new LinkedHashSet<>(imagePullSecrets),
                new LinkedHashMap<>(podFields),
                copyOfSets(podElements),
                new LinkedHashSet<>(safeToEvict),
                copyOfHashes(hashes),
                manifest,
                new LinkedHashSet<>(absent),
                new LinkedHashSet<>(nulls),
                new LinkedHashMap<>(options));
    }

    private static <T> Map<String, Set<T>> copyOfSets(Map<String, Set<T>> sets) {
        Map<String, Set<T>> copy = new LinkedHashMap<>();
        sets.forEach((key, set) -> copy.put(key, new LinkedHashSet<>(set)));
        return copy;
    }

    private static Map<String, Map<String, List<AppendedText>>> copyOfAppended(
            Map<String, Map<String, List<AppendedText>>> appended) {
        Map<String, Map<String, List<AppendedText>>> copy = new LinkedHashMap<>();
        appended.forEach((container, variables) -> {
            Map<String, List<AppendedText>> texts = new LinkedHashMap<>();
            variables.forEach((variable, list) -> texts.put(variable, new ArrayList<>(list)));
            copy.put(container, texts);
        });
        return copy;
    }

    private static Map<String, Map<String, String>> copyOfHashes(Map<String, Map<String, String>> hashes) {
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        hashes.forEach((owner, parts) -> copy.put(owner, new LinkedHashMap<>(parts)));
        return copy;
    }
}
