package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Patch;
import dev.pillion.patch.PatchBuilder;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import dev.pillion.pod.SubsetMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An injection into one Pod: the operations so far, the status that an earlier pass wrote, and the status that this pass writes.
 *
 * <p>The new status takes over entries of the earlier one only for additions that are requested again. A Pod's creator can write a status,
 * and must not get own fields listed as additions.
 */
public final class PodEdit {

    private final Pod pod;
    private final Status earlier;
    private final SubsetMatcher matcher;
    private final StatusBuilder status = new StatusBuilder();
    private final PatchBuilder patch;
    private final Map<String, JsonNode> claimed = new HashMap<>();
    private final List<Reason> warnings = new ArrayList<>();
    private final boolean comparesRenderings;
    private boolean rendersDifferently;

    public PodEdit(Pod pod, Status earlier, SubsetMatcher matcher) {
        this(pod, earlier, matcher, false, false);
    }

    /**
     * @param earlier what an earlier pass added, according to the Pod's annotation
     * @param comparesRenderings whether what an earlier pass added is compared with what would be added now
     * @param ofManifest whether the Pod comes from a manifest
     */
    public PodEdit(Pod pod, Status earlier, SubsetMatcher matcher, boolean comparesRenderings, boolean ofManifest) {
        this.pod = pod;
        this.earlier = earlier;
        this.matcher = matcher;
        this.comparesRenderings = comparesRenderings;
        this.patch = new PatchBuilder(pod.tree());
        status.manifest(ofManifest);
        status.absent.addAll(earlier.absent());
        status.nulls.addAll(earlier.nulls());
        status.options.putAll(earlier.options());
    }

    Pod pod() {
        return pod;
    }

    SubsetMatcher matcher() {
        return matcher;
    }

    Status earlier() {
        return earlier;
    }

    StatusBuilder status() {
        return status;
    }

    PatchBuilder patch() {
        return patch;
    }

    List<Reason> warnings() {
        return warnings;
    }

    /** Reserves a place for an addition, and returns what another profile adds there already. */
    Optional<JsonNode> claim(String place, JsonNode value) {
        return Optional.ofNullable(claimed.putIfAbsent(place, value));
    }

    /** Adds a warning that a value of the app or of another profile is kept. */
    void keep(ReasonCode code, String message) {
        if (warnings.size() < ReviewLimits.WARNINGS) {
            warnings.add(new Reason(code, message));
        }
    }

    /** Records the hash of an addition. */
    void record(String owner, String part, String hash) {
        status.hashes.computeIfAbsent(owner, key -> new LinkedHashMap<>()).put(part, hash);
    }

    /** Records the hashes of a container that is added. */
    void record(String owner, Map<String, String> hashes) {
        status.hashes.put(owner, hashes);
    }

    /** Whether an earlier pass recorded this hash of an addition. */
    boolean recordsEarlier(String owner, String part, String hash) {
        return hash.equals(earlier.hashes().getOrDefault(owner, Map.of()).get(part));
    }

    /** Takes over the hash of an addition of an earlier pass. */
    void recordEarlier(String owner, String part, Supplier<String> now) {
        String then = earlier.hashes().getOrDefault(owner, Map.of()).get(part);
        if (then != null) {
            record(owner, part, then);
            rendersDifferently |= comparesRenderings && !then.equals(now.get());
        }
    }

    /** Takes over the hashes of a container that an earlier pass added. */
    void recordEarlier(String owner, Supplier<Map<String, String>> now) {
        Map<String, String> then = earlier.hashes().get(owner);
        if (then != null) {
            record(owner, then);
            rendersDifferently |= comparesRenderings && !then.equals(now.get());
        }
    }

    /** Whether an addition of an earlier pass would be rendered differently now, because the Pod has changed. */
    boolean rendersDifferently() {
        return rendersDifferently;
    }

    boolean isChanged() {
        return !patch.isEmpty();
    }

    /** Lists a name in the new status if the earlier status lists it, and returns whether it does. */
    public static boolean keepListed(Set<String> earlier, Set<String> now, String name) {
        if (earlier.contains(name)) {
            now.add(name);
        }
        return earlier.contains(name);
    }

    /** Records which lists and maps the patch creates. */
    void recordCreated() {
        recordCreated(patch.created(), pod, status);
    }

    /** Records in a status which lists and maps a patch creates. */
    static void recordCreated(Map<Pointer, PatchBuilder.Before> created, Pod pod, StatusBuilder status) {
        created.forEach((pointer, before) -> {
            switch (before) {
                case ABSENT -> status.absent.add(place(pointer, pod));
                case NULL -> status.nulls.add(place(pointer, pod));
            }
        });
    }

    Patch build() {
        return patch.build();
    }

    private static boolean isContainers(String field) {
        return field.equals(ContainerList.CONTAINERS.field()) || field.equals(ContainerList.INIT_CONTAINERS.field());
    }

    /** Names containers instead of their indices, which change. */
    private static String place(Pointer pointer, Pod pod) {
        List<String> steps = pointer.steps();
        if (steps.size() < 4 || !isContainers(steps.get(1))) {
            return String.join(".", steps);
        }
        ContainerList list = steps.get(1).equals(ContainerList.CONTAINERS.field())
                ? ContainerList.CONTAINERS
                : ContainerList.INIT_CONTAINERS;
        String container = pod.list(list).get(Integer.parseInt(steps.get(2))).name();
        return steps.get(1) + "." + container + "." + steps.get(3);
    }
}
