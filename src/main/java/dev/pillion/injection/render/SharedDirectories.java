package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.pod.Container;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The volumes of a Pod's shared directories. If the app already mounts a volume at the directory or above it, the companions get that mount, at
 * the same place and with the same {@code subPath}. Otherwise one {@code emptyDir} is mounted in all of them.
 */
public final class SharedDirectories {

    /** By identity: to compare shares would be to compare whole containers. */
    private final Map<Share, SharedMount> shared;

    /** By name, the volumes to add. */
    private final Map<String, ObjectNode> volumes;

    /** By container of the app, the mounts to add. */
    private final Map<String, List<VolumeMount>> mounts;

    /** By container of the app, the variables that the mounts to add need. */
    private final Map<String, List<JsonNode>> variables;

    private final List<Reason> warnings;

    SharedDirectories(
            IdentityHashMap<Share, SharedMount> shared,
            Map<String, ObjectNode> volumes,
            Map<String, List<VolumeMount>> mounts,
            Map<String, List<JsonNode>> variables,
            List<Reason> warnings) {
        this.shared = shared;
        this.volumes = volumes;
        this.mounts = mounts;
        this.variables = variables;
        this.warnings = List.copyOf(warnings);
    }

    /** The mount that makes a directory visible in a container of the app; empty if the container already mounts a volume there. */
    public Optional<JsonNode> mountFor(Container target, String path) {
        return SharedMount.innermost(mounts.getOrDefault(target.name(), List.of()), path);
    }

    /** The variables that a container's new mounts need. */
    public List<JsonNode> variablesFor(Container target) {
        return variables.getOrDefault(target.name(), List.of());
    }

    /** The volume to add for a directory; empty if the app has one there. */
    public Optional<ObjectNode> volumeFor(Share share) {
        return Optional.ofNullable(volumes.get(share.volume()));
    }

    public List<Reason> warnings() {
        return warnings;
    }

    /** The name of the volume that contains a directory. */
    public String volumeOf(Share share) {
        return sharedAt(share).mount().path("name").asText();
    }

    /**
     * Why a container of the app, in the Pod's final state, does not share a directory with the companions; empty if it does.
     *
     * @param isGiven whether a profile mounts a directory there
     */
    public Optional<String> gap(Container target, Share share, Predicate<String> isGiven) {
        List<VolumeMount> covering = new ArrayList<>();
        for (VolumeMount mount : target.volumeMounts()) {
            if (mount.covers(share.path())) {
                covering.add(mount);
            } else if (mount.directory().startsWith(share.path() + "/") && !isGiven.test(mount.directory())) {
                return Optional.of("mounts its own volume at " + mount.mountPath() + ", which hides a part of it");
            }
        }
        Optional<JsonNode> innermost = SharedMount.innermost(covering, share.path());
        if (innermost.isEmpty()) {
            return Optional.of("does not mount it");
        }
        VolumeMount mount = VolumeMount.of(innermost.get());
        if (!SharedMount.same(mount.tree(), sharedAt(share).mount())) {
            return Optional.of("mounts another volume at " + mount.mountPath());
        }
        if (covering.stream()
                        .filter(other -> other.directory().equals(mount.directory()))
                        .count()
                > 1) {
            return Optional.of("mounts two volumes at " + mount.directory());
        }
        return gapOfReferences(target, share, mount);
    }

    private Optional<String> gapOfReferences(Container target, Share share, VolumeMount mount) {
        SubPathReferences references = sharedAt(share).references();
        try {
            if (!references.variables().isEmpty()) {
                SubPathReferences.exactlyOf(share.chosen().request(), target, mount.tree());
            }
            return references.missingIn(target.tree()).isEmpty()
                    ? Optional.empty()
                    : Optional.of("lacks the variables that its subPathExpr names");
        } catch (DeniedException denial) {
            return Optional.of("mounts another directory: " + denial.reason().message());
        }
    }

    private SharedMount sharedAt(Share share) {
        return Objects.requireNonNull(shared.get(share));
    }
}
