package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the volume of each shared directory, and mounts the directory in the app's containers and in the companions.
 *
 * <p>Over 200 lines because each directory depends on the volumes of the earlier ones.
 */
final class SharedDirectoriesBuilder {

    private final Pod pod;
    private final Status earlier;
    private final List<RenderedProfile> profiles;
    private final InjectedVariables injected;
    private final CompanionMounts companionMounts = new CompanionMounts();
    private final ResultBudget budget = new ResultBudget();

    private final IdentityHashMap<Share, SharedMount> shared = new IdentityHashMap<>();
    private final Map<String, ObjectNode> volumes = new HashMap<>();
    private final Map<String, List<VolumeMount>> mounts = new LinkedHashMap<>();
    private final Map<String, List<JsonNode>> variables = new HashMap<>();
    private final List<Reason> warnings = new ArrayList<>();

    /** By the name of a volume to add, the first directory that it is for. */
    private final Map<String, Share> namesTaken = new HashMap<>();

    /** @param earlier lists the mounts of an earlier pass, which are not the app's own */
    SharedDirectoriesBuilder(Pod pod, Status earlier, List<RenderedProfile> profiles) {
        this.pod = pod;
        this.earlier = earlier;
        this.profiles = profiles;
        this.injected = new InjectedVariables(profiles);
    }

    /** A container of the app, and the mount through which it sees a directory. */
    private record Owner(Container container, JsonNode mount) {}

    /** A shared directory, and the companions of its profile that read or write it: first all writers, then the others. */
    private record Sharing(Share share, List<Companion> writers, List<Companion> companions) {

        static Sharing of(Share share, RenderedProfile profile) {
            List<Companion> writers =
                    profile.companions().stream().filter(share::isWrittenBy).toList();
            List<Companion> companions = new ArrayList<>(writers);
            profile.companions().stream()
                    .filter(companion -> share.isReadBy(companion) && !share.isWrittenBy(companion))
                    .forEach(companions::add);
            return new Sharing(share, writers, companions);
        }
    }

    /**
     * Outer directories come first, so that an inner one is in the volume of the outer one.
     *
     * @param mistakes gets the denial of each directory that cannot be shared
     */
    SharedDirectories build(DenialCollector mistakes) throws DeniedException {
        List<Sharing> outerFirst = new ArrayList<>();
        for (RenderedProfile profile : profiles) {
            profile.shares().forEach(share -> outerFirst.add(Sharing.of(share, profile)));
        }
        outerFirst.sort(
                Comparator.comparingInt(sharing -> sharing.share().path().length()));
        for (Sharing sharing : outerFirst) {
            try {
                add(sharing);
            } catch (DeniedException denial) {
                if (denial.reason().code() == ReasonCode.TOO_LARGE) {
                    throw denial;
                }
                mistakes.add(denial);
            }
        }
        return new SharedDirectories(shared, volumes, mounts, variables, warnings);
    }

    /** The profile with the mounts and variables of its companions. */
    RenderedProfile withMounts(RenderedProfile profile) {
        return companionMounts.addTo(profile);
    }

    private void add(Sharing sharing) throws DeniedException {
        Share share = sharing.share();
        ShareableDirectory directory = new ShareableDirectory(share, sharing.writers());
        Optional<Owner> owner = owner(share);
        if (owner.isPresent()) {
            directory.checkWritable(pod, owner.get().container(), owner.get().mount());
        }
        SharedMount common = owner.isPresent()
                ? new SharedMount(SharedMount.commonFields(owner.get().mount()), references(share, owner.get()))
                : new SharedMount(
                        addVolume(share), new SubPathReferences(share.chosen().request(), share.path(), List.of()));
        shared.put(share, common);
        budget.addVariables(
                common.references().asList(),
                sharing.companions().size() + share.targets().size(),
                share.chosen().request());
        companionMounts.add(share, sharing.companions(), common);
        if (owner.isEmpty()) {
            directory.checkImages().forEach(this::warn);
        }
        for (Container target : share.targets()) {
            directory.checkDevices(target);
            mountInto(target, common, share);
        }
    }

    /** A Pod cannot make an enforced companion see a directory that differs from the app's. */
    private SubPathReferences references(Share share, Owner owner) throws DeniedException {
        ProfileRequest request = share.chosen().request();
        if (!owner.mount().has("subPathExpr")) {
            return new SubPathReferences(
                    request, owner.mount().path("mountPath").asText(), List.of());
        }
        Container container = injected.in(owner.container());
        return share.chosen().enforced()
                ? SubPathReferences.exactlyOf(request, container, owner.mount())
                : SubPathReferences.of(request, container, owner.mount());
    }

    /** The first of the app's containers that mounts a volume at the directory or above it, and the innermost of these mounts. */
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
            if (!isOfEarlierPass(target, mount, share)) {
                all.add(mount);
            }
        }
        all.addAll(mounts.getOrDefault(target.name(), List.of()));
        return SharedMount.innermost(all, share.path());
    }

    /** Whether an earlier pass added the mount for this directory. It is added again, and is not shared as a mount of the app. */
    private boolean isOfEarlierPass(Container target, VolumeMount mount, Share share) {
        return mount.volume().equals(share.volume())
                && earlier.volumes().contains(mount.volume())
                && earlier.volumeMounts().getOrDefault(target.name(), Set.of()).contains(mount.directory());
    }

    private void mountInto(Container target, SharedMount common, Share share) throws DeniedException {
        Optional<JsonNode> present = covering(target, share);
        if (present.isEmpty()) {
            mounts.computeIfAbsent(target.name(), name -> new ArrayList<>())
                    .add(VolumeMount.of(common.mount().deepCopy()));
            if (!common.references().variables().isEmpty()) {
                variables
                        .computeIfAbsent(target.name(), name -> new ArrayList<>())
                        .addAll(common.references()
                                .missingIn(injected.in(target).tree()));
            }
        } else if (!SharedMount.same(present.get(), common.mount())) {
            warnNotShared(
                    share,
                    "container " + target.name() + " has another volume at "
                            + ShareableDirectory.shown(
                                    present.get().path("mountPath").asText())
                            + "; its " + ShareableDirectory.shown(share.path()) + " is not shared");
        }
        String below = share.path() + "/";
        for (VolumeMount inner : target.volumeMounts()) {
            if (inner.directory().startsWith(below)) {
                warnNotShared(
                        share,
                        "container " + target.name() + " has its own volume at "
                                + ShareableDirectory.shown(inner.mountPath()) + ", which is not shared");
            }
        }
    }

    private void warnNotShared(Share share, String problem) {
        warn(new Reason(
                ReasonCode.DIRECTORY_NOT_SHARED, share.chosen().request().but(problem)));
    }

    private void warn(Reason warning) {
        if (warnings.size() < ReviewLimits.WARNINGS) {
            warnings.add(warning);
        }
    }

    /** Adds a volume, and returns its mount. */
    private ObjectNode addVolume(Share share) throws DeniedException {
        Share other = namesTaken.putIfAbsent(share.volume(), share);
        if (other != null && !other.path().equals(share.path())) {
            throw DeniedException.of(
                    List.of(other.chosen().request(), share.chosen().request()),
                    ReasonCode.NAME_TAKEN,
                    "the volume '" + share.volume() + "' would be for both " + ShareableDirectory.shown(other.path())
                            + " and " + ShareableDirectory.shown(share.path())
                            + "; request only one of the profiles, or the same directory");
        }
        ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", share.volume());
        volume.set("emptyDir", share.emptyDir());
        volumes.putIfAbsent(share.volume(), volume);
        return JsonNodeFactory.instance.objectNode().put("name", share.volume()).put("mountPath", share.path());
    }
}
