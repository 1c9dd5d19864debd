package dev.pillion.injection.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.apply.AdditionHash;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Pillion added to a Pod, as the annotation {@code pillion.dev/status} records it. It lists what can be removed again, and a second
 * pass does not change again what other webhooks have changed. It is not trusted, since everyone who creates Pods can write it.
 *
 * @param version of this format
 * @param profiles by name
 * @param volumeMounts by container, the {@code mountPath}s
 * @param env by container, the names of the variables
 * @param envFrom by container, the whole elements, which have no name
 * @param appended by container and variable of the app, what was appended to its value, in this order
 * @param podFields by JSON Pointer, fields of the spec that were set: the {@code value}, and the value {@code before}
 * @param podElements by the JSON Pointer of a list in the spec, the elements that were added
 * @param safeToEvict names that were appended to the list of volumes that are safe to evict
 * @param hashes by {@link AddedParts}, an {@link AdditionHash} of each addition, to find later changes. Older statuses have none.
 * @param manifest whether a manifest was injected on the command line
 * @param absent lists and maps that the Pod did not have, as {@code spec.volumes} or {@code containers.web.env}
 * @param nulls lists and maps that the Pod had as {@code null}
 * @param options annotations that options of the command line wrote, each with its value before; null when it did not exist
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Status(
        @JsonProperty int version,
        @JsonProperty Map<String, Given> profiles,
        @JsonProperty Set<String> initContainers,
        @JsonProperty Set<String> containers,
        @JsonProperty Set<String> volumes,
        @JsonProperty Map<String, Set<String>> volumeMounts,
        @JsonProperty Map<String, Set<String>> env,

        @JsonProperty @JsonDeserialize(contentUsing = BoundedJson.class)
        Map<String, Set<JsonNode>> envFrom,

        @JsonProperty Map<String, Map<String, List<AppendedText>>> appended,
        @JsonProperty Set<String> labels,
        @JsonProperty Set<String> annotations,
        @JsonProperty Set<String> imagePullSecrets,
        @JsonProperty Map<String, JsonNode> podFields,

        @JsonProperty @JsonDeserialize(contentUsing = BoundedJson.class)
        Map<String, Set<JsonNode>> podElements,

        @JsonProperty Set<String> safeToEvict,
        @JsonProperty Map<String, Map<String, String>> hashes,

        @JsonProperty @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean manifest,

        @JsonProperty Set<String> absent,
        @JsonProperty("null") Set<String> nulls,
        @JsonProperty @JsonSetter(contentNulls = Nulls.SET) Map<String, @Nullable String> options) {

    /** Anyone can write a status, so Jackson's table of names is off: it is slow for many names, and refuses names that collide. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Names stay in the order in which they were written.
            .addModule(new SimpleModule().addAbstractTypeMapping(Set.class, LinkedHashSet.class))
            .defaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY, Nulls.SKIP))
            .build();

    /** Why it is not known what was injected. */
    public static final String UNREADABLE =
            "annotation " + Annotations.STATUS + " cannot be read: it is not in the form that Pillion writes";

    private static final Status EMPTY = new StatusBuilder().build();

    /** Fields that the annotation does not have are empty. Jackson passes null for them. */
    public Status {
        profiles = unmodifiable(profiles);
        initContainers = unmodifiable(initContainers);
        containers = unmodifiable(containers);
        volumes = unmodifiable(volumes);
        volumeMounts = unmodifiable(volumeMounts);
        env = unmodifiable(env);
        envFrom = unmodifiable(envFrom);
        appended = unmodifiable(appended);
        labels = unmodifiable(labels);
        annotations = unmodifiable(annotations);
        imagePullSecrets = unmodifiable(imagePullSecrets);
        podFields = unmodifiable(podFields);
        podElements = unmodifiable(podElements);
        safeToEvict = unmodifiable(safeToEvict);
        hashes = unmodifiable(hashes);
        absent = unmodifiable(absent);
        nulls = unmodifiable(nulls);
        options = unmodifiable(options);
    }

    private static <V extends @Nullable Object> Map<String, V> unmodifiable(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(map);
    }

    private static Set<String> unmodifiable(@Nullable Set<String> set) {
        return set == null ? Set.of() : Collections.unmodifiableSet(set);
    }

    /** A status that lists nothing. */
    public static Status empty() {
        return EMPTY;
    }

    /**
     * A profile that was injected.
     *
     * @param generation of the profile
     * @param reason who requested it
     * @param request a {@link RequestHash}; null in a status from before version 0.2, which did not have it
     */
    public record Given(
            @JsonProperty("generation") String generation,
            @JsonProperty("reason") String reason,
            @JsonProperty("request") @Nullable String request) {}

    /** The Pod's status; an empty one when there is none or it cannot be read. */
    public static Status of(Pod pod) {
        return read(pod).orElse(EMPTY);
    }

    /** The Pod's status; nothing when there is none or it cannot be read. */
    public static Optional<Status> read(Pod pod) {
        String text = pod.annotations().get(Annotations.STATUS);
        // The API server stores no longer annotations.
        if (text == null || text.length() > ReviewLimits.ANNOTATION_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readValue(text, Status.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The names of the containers that were added to a list. */
    public Set<String> list(ContainerList list) {
        return switch (list) {
            case INIT_CONTAINERS -> initContainers;
            case CONTAINERS -> containers;
        };
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a status is plain data", e);
        }
    }
}
