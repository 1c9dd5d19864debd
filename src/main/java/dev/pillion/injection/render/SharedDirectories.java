package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import dev.pillion.pod.DnsLabel;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReadOnlyVolume;
import dev.pillion.pod.ReviewLimits;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the volume behind each shared directory. Where the app already mounts a volume at the directory or above it, the companions
 * get that mount, at the same place and with the same {@code subPath}; otherwise one {@code emptyDir} is mounted in all of them.
 */
public final class SharedDirectories {

    /** The name of the volume of a directory starts with it, unless the profile names the volume. */
    public static final String VOLUME_PREFIX = "pillion-";

    /** What a message repeats of a path, in characters: paths tell apart by their ends, so more than of other texts. */
    private static final int SHOWN = 400;

    private final Pod pod;
    private final Status earlier;
    private final Map<String, List<VolumeMount>> mounts = new LinkedHashMap<>();
    private final Map<String, List<JsonNode>> variables = new HashMap<>();
    private final Map<String, ObjectNode> volumes = new LinkedHashMap<>();
    private final Map<String, Share> directories = new HashMap<>();
    private final List<Reason> warnings = new ArrayList<>();
    private final ResultBudget budget = new ResultBudget();

    /** By path, the mount that the app and the companions have in common. */
    private final Map<String, Settled> settled = new HashMap<>();

    /** The mounts that companions got for shared directories. */
    private final Set<String> shared = new HashSet<>();

    /** @param earlier says which mounts are not the app's own but of an earlier pass */
    public SharedDirectories(Pod pod, Status earlier) {
        this.pod = pod;
        this.earlier = earlier;
    }

    /** A readable name for the volume of a directory; where two directories could come to the same name, with a hash. */
    public static String volumeName(String path) {
        String plain = VOLUME_PREFIX + DnsLabel.like(path);
        return isAmbiguous(path)
                ? DnsLabel.shortened(plain, DnsLabel.MAX_LENGTH - 9) + "-" + DnsLabel.hash(path)
                : DnsLabel.shortened(plain, DnsLabel.MAX_LENGTH);
    }

    /** Whether another path could come to the same label: all but those of small letters and digits between single slashes. */
    private static boolean isAmbiguous(String path) {
        boolean afterSlash = false;
        for (int index = 0; index < path.length(); index++) {
            char letter = path.charAt(index);
            boolean plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
            boolean fits = index == 0 ? letter == '/' : plain || (letter == '/' && !afterSlash);
            if (!fits) {
                return true;
            }
            afterSlash = letter == '/';
        }
        return path.isEmpty() || afterSlash;
    }

    /** Settles all of them, outer directories first: an inner one then lies in the outer one's volume. */
    public void settle(List<Share> shares) throws DeniedException {
        List<Share> outerFirst = new ArrayList<>(shares);
        outerFirst.sort(Comparator.comparingInt((Share share) -> share.path().length()));
        for (Share share : outerFirst) {
            settle(share);
        }
    }

    /** The mount by which a container of the app's comes to see a directory; empty when it sees a volume there already. */
    public Optional<JsonNode> mountFor(Container target, String path) {
        return innermost(planned(target), path);
    }

    /** What a container's new mounts need in its environment. */
    public List<JsonNode> variablesFor(Container target) {
        return variables.getOrDefault(target.name(), List.of());
    }

    /** The volume to add for a directory; empty when the app has one there. */
    public Optional<ObjectNode> volumeFor(String path) {
        for (Map.Entry<String, Share> directory : directories.entrySet()) {
            if (directory.getValue().path().equals(path)) {
                return Optional.ofNullable(volumes.get(directory.getKey()));
            }
        }
        return Optional.empty();
    }

    public List<Reason> warnings() {
        return warnings;
    }

    /** The name of the volume that a settled directory lies in. */
    public String volumeOf(Share share) {
        return settledAt(share).mount().path("name").asText();
    }

    /**
     * Why a container of the app's, in the Pod's final state, does not share a settled directory with the companions; empty where it does.
     *
     * @param isGiven whether a directory is mounted there by a profile
     */
    public Optional<String> gap(Container target, Share share, Predicate<String> isGiven) {
        Settled common = settledAt(share);
        List<VolumeMount> covering = new ArrayList<>();
        for (VolumeMount mount : target.volumeMounts()) {
            if (mount.covers(share.path())) {
                covering.add(mount);
            } else if (mount.directory().startsWith(share.path() + "/") && !isGiven.test(mount.directory())) {
                return Optional.of("mounts a volume of its own at " + mount.mountPath() + ", which hides a part of it");
            }
        }
        Optional<JsonNode> innermost = innermost(covering, share.path());
        if (innermost.isEmpty()) {
            return Optional.of("does not mount it");
        }
        VolumeMount mount = VolumeMount.of(innermost.get());
        if (!inPlainForm(mount.tree()).equals(inPlainForm(common.mount()))) {
            return Optional.of("mounts another volume at " + mount.mountPath());
        }
        if (covering.stream()
                        .filter(other -> other.directory().equals(mount.directory()))
                        .count()
                > 1) {
            return Optional.of("mounts two volumes at " + mount.directory());
        }
        try {
            if (!common.references().variables().isEmpty()) {
                SubPathReferences.exactlyOf(share.chosen().request(), target, mount.tree());
            }
            return common.references().missingIn(target.tree()).isEmpty()
                    ? Optional.empty()
                    : Optional.of("lacks the variables that its subPathExpr names");
        } catch (DeniedException denial) {
            return Optional.of("mounts another directory: " + denial.reason().message());
        }
    }

    private Settled settledAt(Share share) {
        return Objects.requireNonNull(settled.get(share.path()));
    }

    private static ObjectNode inPlainForm(JsonNode mount) {
        ObjectNode copy = copy(mount).put("mountPath", VolumeMount.of(mount).directory());
        for (String field : List.of("subPath", "subPathExpr")) {
            if (copy.path(field).asText().isEmpty()) {
                copy.remove(field);
            }
        }
        return copy;
    }

    private void settle(Share share) throws DeniedException {
        Optional<Owner> owner = owner(share);
        if (owner.isPresent()) {
            checkWritable(share, owner.get());
        }
        ObjectNode mount = owner.isPresent() ? copy(owner.get().mount()) : addVolume(share);
        SubPathReferences references = owner.isPresent()
                ? references(share, owner.get())
                : new SubPathReferences(share.chosen().request(), share.path(), List.of());
        settled.put(share.path(), new Settled(mount, references));
        List<Companion> companions = share.companions();
        budget.addVariables(
                references.asList(),
                companions.size() + share.targets().size(),
                share.chosen().request());
        PrivateReferences renamed = PrivateReferences.of(mount, references.variables());
        SubPathReferences underOwnNames =
                new SubPathReferences(references.request(), references.mountPath(), renamed.variables());
        for (Companion companion : companions) {
            boolean enforced = companion.chosen().enforced();
            ObjectNode own = (enforced ? renamed.mount() : mount).deepCopy();
            if (!share.writes(companion)) {
                own.put("readOnly", true);
            }
            checkPlace(companion, VolumeMount.of(own));
            companion.mount(own);
            shared.add(place(companion, VolumeMount.of(own)));
            (enforced ? underOwnNames : references).bringTo(companion.tree());
        }
        if (owner.isEmpty()) {
            checkImage(share);
        }
        for (Container target : share.targets()) {
            mountInto(target, mount, references, share);
        }
    }

    /** An {@code emptyDir} hides what the app's image has at the directory. */
    private void checkImage(Share share) throws DeniedException {
        for (Container target : share.targets()) {
            Optional<String> needed = ImageDirectories.neededAt(
                    share.path(), target, !share.writers().isEmpty());
            if (needed.isPresent()) {
                throw DeniedException.of(
                        share.chosen().request(),
                        ReasonCode.DIRECTORY_NOT_SHAREABLE,
                        "an empty directory at " + shown(share.path()) + " would hide " + needed.get()
                                + "; choose another directory");
            }
            ImageDirectories.likelyAt(share.path(), target, !share.writers().isEmpty())
                    .ifPresent(hidden -> warn(
                            share,
                            ReasonCode.DIRECTORY_HIDDEN,
                            "an empty directory at " + shown(share.path()) + " hides " + hidden
                                    + "; choose another directory if the app needs it"));
        }
    }

    /** A companion that writes would fail at run time, in a container whose log says only "Read-only file system". */
    private void checkWritable(Share share, Owner owner) throws DeniedException {
        if (share.writers().isEmpty()) {
            return;
        }
        VolumeMount mount = VolumeMount.of(owner.mount());
        Optional<String> readOnly =
                ReadOnlyVolume.kind(pod.volumes().getOrDefault(mount.volume(), JsonNodeFactory.instance.objectNode()));
        if (readOnly.isPresent()) {
            throw DeniedException.of(
                    share.chosen().request(),
                    ReasonCode.DIRECTORY_NOT_SHAREABLE,
                    "companion " + share.writers().getFirst().name() + " would write to " + shown(share.path())
                            + ", where container " + owner.container().name() + " mounts volume '" + mount.volume()
                            + "'"
                            + (mount.directory().equals(share.path()) ? "" : " (at " + shown(mount.mountPath()) + ")")
                            + ", " + readOnly.get()
                            + ", which is read-only; choose another directory, or another volume for this one");
        }
    }

    /** No Pod may have an enforced companion look at another directory than the app's. */
    private static SubPathReferences references(Share share, Owner owner) throws DeniedException {
        ProfileRequest request = share.chosen().request();
        return share.chosen().enforced()
                ? SubPathReferences.exactlyOf(request, owner.container(), owner.mount())
                : SubPathReferences.of(request, owner.container(), owner.mount());
    }

    /** A companion keeps the directories of its image, and what its profile has it read. */
    private void checkPlace(Companion companion, VolumeMount mount) throws DeniedException {
        if (companion.template().inherited().contains(Inherited.IMAGE)) {
            return;
        }
        if (SystemDirectories.areHiddenBy(mount.directory())) {
            throw SystemDirectories.denial(companion.chosen(), companion.name(), mount.mountPath());
        }
        for (JsonNode present : companion.tree().path("volumeMounts")) {
            VolumeMount own = VolumeMount.of(present);
            if (present.path("readOnly").asBoolean()
                    && own.covers(mount.directory())
                    && !own.directory().equals(mount.directory())
                    && !own.volume().equals(mount.volume())
                    && !shared.contains(place(companion, own))) {
                throw SystemDirectories.denial(companion.chosen(), companion.name(), mount.mountPath());
            }
        }
    }

    private static String place(Companion companion, VolumeMount mount) {
        return companion.name() + " " + mount.directory();
    }

    /** The first of the app's containers that sees a volume at the directory or above it, and its innermost mount there. */
    private Optional<Owner> owner(Share share) {
        for (Container target : share.targets()) {
            Optional<JsonNode> covering = covering(target, share);
            if (covering.isPresent()) {
                return Optional.of(new Owner(target, covering.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<JsonNode> covering(Container target, Share share) {
        List<VolumeMount> all = new ArrayList<>();
        for (VolumeMount mount : target.volumeMounts()) {
            if (!isOurs(target, mount, share)) {
                all.add(mount);
            }
        }
        all.addAll(planned(target));
        return innermost(all, share.path());
    }

    private List<VolumeMount> planned(Container target) {
        return mounts.getOrDefault(target.name(), List.of());
    }

    private static Optional<JsonNode> innermost(List<VolumeMount> mounts, String path) {
        @Nullable VolumeMount innermost = null;
        for (VolumeMount mount : mounts) {
            boolean further = innermost == null
                    || mount.directory().length() > innermost.directory().length();
            if (further && mount.covers(path)) {
                innermost = mount;
            }
        }
        return Optional.ofNullable(innermost).map(VolumeMount::tree);
    }

    /** Whether an earlier pass made the mount for this very directory, so that it is wanted again and not to be shared as the app's. */
    private boolean isOurs(Container target, VolumeMount mount, Share share) {
        return mount.volume().equals(share.volume())
                && earlier.volumes().contains(mount.volume())
                && earlier.volumeMounts().getOrDefault(target.name(), Set.of()).contains(mount.directory());
    }

    private void mountInto(Container target, ObjectNode mount, SubPathReferences references, Share share)
            throws DeniedException {
        for (JsonNode device : target.tree().path("volumeDevices")) {
            if (VolumeMount.directory(device.path("devicePath").asText()).equals(share.path())) {
                throw DeniedException.of(
                        share.chosen().request(),
                        ReasonCode.DIRECTORY_NOT_SHAREABLE,
                        "container " + target.name() + " has a block device at " + shown(share.path())
                                + ", which no directory can be; choose another directory");
            }
        }
        Optional<JsonNode> present = covering(target, share);
        if (present.isEmpty()) {
            mounts.computeIfAbsent(target.name(), name -> new ArrayList<>()).add(VolumeMount.of(mount.deepCopy()));
            variables
                    .computeIfAbsent(target.name(), name -> new ArrayList<>())
                    .addAll(references.missingIn(target.tree()));
        } else if (!inPlainForm(copy(present.get())).equals(inPlainForm(mount))) {
            warn(
                    share,
                    "container " + target.name() + " has another volume at "
                            + shown(present.get().path("mountPath").asText()) + "; its " + shown(share.path())
                            + " is not shared");
        }
        String below = share.path() + "/";
        for (VolumeMount inner : target.volumeMounts()) {
            if (inner.directory().startsWith(below)) {
                warn(
                        share,
                        "container " + target.name() + " has a volume of its own at " + shown(inner.mountPath())
                                + ", which is not shared");
            }
        }
    }

    private static String shown(String path) {
        return Excerpt.of(path, SHOWN);
    }

    private void warn(Share share, String problem) {
        warn(share, ReasonCode.DIRECTORY_NOT_SHARED, problem);
    }

    private void warn(Share share, ReasonCode code, String problem) {
        if (warnings.size() < ReviewLimits.WARNINGS) {
            warnings.add(new Reason(code, share.chosen().request().but(problem)));
        }
    }

    private ObjectNode addVolume(Share share) throws DeniedException {
        ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", share.volume());
        volume.set("emptyDir", share.emptyDir());
        volumes.putIfAbsent(share.volume(), volume);
        Share other = directories.putIfAbsent(share.volume(), share);
        if (other != null && !other.path().equals(share.path())) {
            throw DeniedException.of(
                    List.of(other.chosen().request(), share.chosen().request()),
                    ReasonCode.NAME_TAKEN,
                    "the volume '" + share.volume() + "' would be both " + shown(other.path()) + " and "
                            + shown(share.path()) + "; request only one of the profiles, or the same directory");
        }
        return JsonNodeFactory.instance.objectNode().put("name", share.volume()).put("mountPath", share.path());
    }

    private static ObjectNode copy(JsonNode mount) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("name", "mountPath", "subPath", "subPathExpr")) {
            if (mount.has(field)) {
                copy.set(field, mount.get(field));
            }
        }
        return copy;
    }

    private record Settled(JsonNode mount, SubPathReferences references) {}

    /** A container of the app's and the mount by which it sees a directory. */
    private record Owner(Container container, JsonNode mount) {}
}
