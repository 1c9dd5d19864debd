package dev.pillion.injection.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Pillion added to a Pod, as the annotation {@code pillion.dev/status} has it. It says what may be taken away again, and spares a
 * second pass from fighting over what others changed; it proves nothing, since everybody who makes Pods can write it.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public final class Status {

    /** Anyone can write a status: without Jackson's table of names, which costs much for many, and refuses those that collide. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Names stay in the order in which they were written.
            .addModule(new SimpleModule().addAbstractTypeMapping(Set.class, LinkedHashSet.class))
            .defaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY, Nulls.SKIP))
            .build();

    /** Why nothing is known of what was injected. */
    public static final String UNREADABLE =
            "annotation " + Annotations.STATUS + " cannot be read; Pillion has not written it so";

    /** The version of this form. */
    @JsonProperty
    int version = 1;

    /** By name: the generation that was used, and what asked for it. */
    @JsonProperty
    public Map<String, Given> profiles = new LinkedHashMap<>();

    @JsonProperty
    public Set<String> initContainers = new LinkedHashSet<>();

    @JsonProperty
    public Set<String> containers = new LinkedHashSet<>();

    @JsonProperty
    public Set<String> volumes = new LinkedHashSet<>();

    /** By container, the {@code mountPath}s. */
    @JsonProperty
    public Map<String, Set<String>> volumeMounts = new LinkedHashMap<>();

    /** By container, the names. */
    @JsonProperty
    public Map<String, Set<String>> env = new LinkedHashMap<>();

    /** By container, the whole elements, which have no name. */
    @JsonProperty
    @JsonDeserialize(contentUsing = BoundedJson.class)
    public Map<String, Set<JsonNode>> envFrom = new LinkedHashMap<>();

    /** By container and variable of the app, what was appended to its value, in this order. */
    @JsonProperty
    public Map<String, Map<String, List<AppendedText>>> appended = new LinkedHashMap<>();

    @JsonProperty
    public Set<String> labels = new LinkedHashSet<>();

    @JsonProperty
    public Set<String> annotations = new LinkedHashSet<>();

    @JsonProperty
    public Set<String> imagePullSecrets = new LinkedHashSet<>();

    /** By JSON Pointer, fields of the spec that were set: the {@code value}, and what was there {@code before}. */
    @JsonProperty
    public Map<String, JsonNode> podFields = new LinkedHashMap<>();

    /** By the JSON Pointer of a list in the spec, the elements that were added. */
    @JsonProperty
    @JsonDeserialize(contentUsing = BoundedJson.class)
    public Map<String, Set<JsonNode>> podElements = new LinkedHashMap<>();

    /** Names appended to the list of volumes that are safe to evict. */
    @JsonProperty
    public Set<String> safeToEvict = new LinkedHashSet<>();

    /** By {@link AddedParts}, an {@link AdditionHash} of what was added, to find what was changed since. Older statuses have none. */
    @JsonProperty
    public Map<String, Map<String, String>> hashes = new LinkedHashMap<>();

    /** Whether a manifest was injected on the command line. */
    @JsonProperty
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public boolean manifest;

    /** Lists and maps that the Pod did not have, as {@code spec.volumes} or {@code containers.web.env}. */
    @JsonProperty
    public Set<String> absent = new LinkedHashSet<>();

    /** Lists and maps that the Pod had as {@code null}. */
    @JsonProperty("null")
    public Set<String> nulls = new LinkedHashSet<>();

    /** Annotations that options of the command line wrote, each with the value that it had before; null when it did not exist. */
    @JsonProperty
    @JsonSetter(contentNulls = Nulls.SET)
    public Map<String, @Nullable String> options = new LinkedHashMap<>();

    /**
     * A profile that was injected.
     *
     * @param generation of the profile
     * @param reason who requested it
     * @param request a {@link RequestHash}; null in a status of before version 0.2, which did not have it
     */
    public record Given(
            @JsonProperty("generation") String generation,
            @JsonProperty("reason") String reason,
            @JsonProperty("request") @Nullable String request) {}

    /** Whether the Pod has a status that cannot be read; then nothing is known of what was injected. */
    @JsonIgnore
    public boolean unreadable;

    /** The Pod's status; an empty one when there is none or it cannot be read. */
    public static Status of(Pod pod) {
        return read(pod).orElseGet(() -> {
            Status status = new Status();
            status.unreadable = pod.annotations().containsKey(Annotations.STATUS);
            return status;
        });
    }

    /** The Pod's status; nothing when there is none or it cannot be read. */
    public static Optional<Status> read(Pod pod) {
        String text = pod.annotations().get(Annotations.STATUS);
        // A longer one cannot have been stored: Kubernetes refuses it.
        if (text == null || text.length() > ReviewLimits.ANNOTATION_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readValue(text, Status.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Lists one of a container's things. */
    public static <T> void list(Map<String, Set<T>> listed, String container, T thing) {
        listed.computeIfAbsent(container, key -> new LinkedHashSet<>()).add(thing);
    }

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
