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
 * One Pod while it is added to: the operations so far, what earlier passes say they did, and the status of what this one did.
 *
 * <p>An earlier status is believed only of what is wanted again now, so that nobody can have his own things listed as Pillion's.
 */
public final class PodEdit {

    private final Pod pod;
    private final Status earlier;
    private final SubsetMatcher presence;
    private final StatusBuilder status = new StatusBuilder();
    private final PatchBuilder patch;
    private final Map<String, JsonNode> claimed = new HashMap<>();
    private final List<Reason> warnings = new ArrayList<>();
    private final boolean comparesRenderings;
    private boolean rendersOtherwise;

    public PodEdit(Pod pod, Status earlier, SubsetMatcher presence) {
        this(pod, earlier, presence, false, false);
    }

    /**
     * @param earlier what an earlier pass added, according to the Pod's annotation
     * @param comparesRenderings whether what an earlier pass added is compared with what would be added now
     * @param ofManifest whether the Pod comes from a manifest
     */
    public PodEdit(Pod pod, Status earlier, SubsetMatcher presence, boolean comparesRenderings, boolean ofManifest) {
        this.pod = pod;
        this.earlier = earlier;
        this.presence = presence;
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

    SubsetMatcher presence() {
        return presence;
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

    /** Says that a profile wants something at this place; gives what another wanted there before. */
    Optional<JsonNode> claim(String place, JsonNode value) {
        return Optional.ofNullable(claimed.putIfAbsent(place, value));
    }

    /** Says that something of the app's own, or of another profile, stands where an addition would have. */
    void keep(ReasonCode code, String message) {
        if (warnings.size() < ReviewLimits.WARNINGS) {
            warnings.add(new Reason(code, message));
        }
    }

    /** Records the hash of something that is added. */
    void record(String owner, String part, String hash) {
        status.hashes.computeIfAbsent(owner, key -> new LinkedHashMap<>()).put(part, hash);
    }

    /** Records the hashes of a container that is added. */
    void record(String owner, Map<String, String> hashes) {
        status.hashes.put(owner, hashes);
    }

    /** Keeps the hash of something that an earlier pass added. */
    void recordAgain(String owner, String part, Supplier<String> now) {
        String then = earlier.hashes().getOrDefault(owner, Map.of()).get(part);
        if (then != null) {
            record(owner, part, then);
            rendersOtherwise |= comparesRenderings && !then.equals(now.get());
        }
    }

    /** Keeps the hashes of a container that an earlier pass added. */
    void recordAgain(String owner, Supplier<Map<String, String>> now) {
        Map<String, String> then = earlier.hashes().get(owner);
        if (then != null) {
            record(owner, then);
            rendersOtherwise |= comparesRenderings && !then.equals(now.get());
        }
    }

    /** Whether something that an earlier pass added would be added otherwise now, because the Pod has changed. */
    boolean rendersOtherwise() {
        return rendersOtherwise;
    }

    boolean isChanged() {
        return !patch.isEmpty();
    }

    /** Keeps a name on the list when an earlier pass put it there; whether it did. */
    public static boolean carry(Set<String> earlier, Set<String> now, String name) {
        if (earlier.contains(name)) {
            now.add(name);
        }
        return earlier.contains(name);
    }

    /** Writes down which lists and maps were made. */
    void noteCreated() {
        note(patch.created(), pod, status);
    }

    /** Writes down in a status which lists and maps a patch creates. */
    static void note(Map<Pointer, PatchBuilder.Before> created, Pod pod, StatusBuilder status) {
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

    /** Containers by their names, since their indices change. */
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
