package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.render.SharedVolumeName;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds additions that are in a Pod and that its status does not list, because someone has removed them from the status. The hashes in the status
 * show them. Without hashes, names show them: a container with the name and image of a companion, a volume with Pillion's name for the directory
 * where it is mounted, or an annotation with the content of a file.
 */
public final class UnlistedAdditions {

    private final Pod pod;
    private final Status status;
    private final CompanionMatcher companions;

    private UnlistedAdditions(Pod pod, Status status, Collection<Profile> profiles) {
        this.pod = pod;
        this.status = status;
        this.companions = new CompanionMatcher(pod, profiles);
    }

    /**
     * The additions. A status without hashes is from before version 0.2, or nearly empty; then names and images show the additions. If the
     * status names no profile, the companions of all profiles count.
     */
    public static List<Uninjection.Kept> in(Pod pod, Status status, Definitions definitions, Catalog catalog) {
        UnlistedAdditions additions = new UnlistedAdditions(
                pod, status, status.profiles().isEmpty() ? catalog.profiles() : definitions.profiles());
        if (!status.hashes().isEmpty()) {
            return additions.recorded();
        }
        List<Uninjection.Kept> kept = new ArrayList<>(additions.ofReservedNames());
        kept.addAll(additions.containers());
        return kept;
    }

    /** The additions in a Pod without a status: only those with a name that is reserved for Pillion. */
    static List<Uninjection.Kept> withoutStatus(Pod pod) {
        return new UnlistedAdditions(pod, Status.empty(), List.of()).ofReservedNames();
    }

    private List<Uninjection.Kept> ofReservedNames() {
        List<Uninjection.Kept> kept = new ArrayList<>();
        for (JsonNode volume : pod.spec("volumes")) {
            String name = volume.path("name").asText();
            if (!status.volumes().contains(name) && (isShared(name, volume) || showsFile(volume))) {
                kept.add(unlisted("volume " + name, "Pillion gives volumes such names"));
            }
        }
        for (String name : pod.annotations().keySet()) {
            if (name.startsWith(Annotations.FILE_PREFIX)
                    && !status.annotations().contains(name)) {
                kept.add(unlisted("annotation " + name, "Pillion writes such annotations"));
            }
        }
        return kept;
    }

    private boolean isShared(String name, JsonNode volume) {
        return volume.has("emptyDir")
                && name.startsWith(SharedVolumeName.PREFIX)
                && pod.allContainers()
                        .flatMap(container -> container.volumeMounts().stream())
                        .filter(mount -> mount.volume().equals(name))
                        .map(VolumeMount::directory)
                        .anyMatch(directory -> SharedVolumeName.of(directory).equals(name));
    }

    private static boolean showsFile(JsonNode volume) {
        return volume.path("downwardAPI").path("items").valueStream().anyMatch(item -> item.path("fieldRef")
                .path("fieldPath")
                .asText()
                .startsWith("metadata.annotations['" + Annotations.FILE_PREFIX));
    }

    private List<Uninjection.Kept> containers() {
        List<Uninjection.Kept> kept = new ArrayList<>();
        for (ContainerList list : ContainerList.values()) {
            for (Container container : pod.list(list)) {
                if (!status.list(list).contains(container.name())) {
                    companions
                            .profileOf(container)
                            .ifPresent(profile -> kept.add(unlisted(
                                    "container " + container.name(),
                                    "it has the name and image of a container of profile '" + profile.name() + "'")));
                }
            }
        }
        return kept;
    }

    /** The additions for which the status has hashes. */
    private List<Uninjection.Kept> recorded() {
        List<Uninjection.Kept> kept = new ArrayList<>();
        pod.allContainers().forEach(container -> {
            String owner = AddedParts.container(container);
            String words = AddedParts.ownerInWords(owner);
            Map<String, String> parts = status.hashes().getOrDefault(owner, Map.of());
            Set<String> variables = status.env().getOrDefault(container.name(), Set.of());
            Set<String> mounts = status.volumeMounts().getOrDefault(container.name(), Set.of());
            container.environment().stream()
                    .filter(name -> !variables.contains(name))
                    .map(AddedParts::variable)
                    .filter(parts::containsKey)
                    .map(part -> AddedParts.partInWords(part) + " of " + words)
                    .forEach(addition -> kept.add(recorded(addition)));
            container.volumeMounts().stream()
                    .map(VolumeMount::directory)
                    .filter(directory -> !mounts.contains(directory))
                    .map(AddedParts::mount)
                    .filter(parts::containsKey)
                    .map(part -> "the " + AddedParts.partInWords(part) + " of " + words)
                    .forEach(addition -> kept.add(recorded(addition)));
            if (parts.containsKey("image") && !status.list(container.list()).contains(container.name())) {
                kept.add(recorded(words));
            }
        });
        addRecorded(AddedParts.SPEC, pod.volumes().keySet(), status.volumes(), AddedParts::volume, kept);
        addRecorded(AddedParts.METADATA, pod.labels().keySet(), status.labels(), AddedParts::label, kept);
        addRecorded(
                AddedParts.METADATA, pod.annotations().keySet(), status.annotations(), AddedParts::annotation, kept);
        return kept;
    }

    private void addRecorded(
            String owner,
            Set<String> present,
            Set<String> listed,
            UnaryOperator<String> part,
            List<Uninjection.Kept> kept) {
        Map<String, String> parts = status.hashes().getOrDefault(owner, Map.of());
        present.stream()
                .filter(name -> !listed.contains(name))
                .map(part)
                .filter(parts::containsKey)
                .forEach(added -> kept.add(recorded(AddedParts.partInWords(added))));
    }

    private static Uninjection.Kept recorded(String addition) {
        return unlisted(addition, "Pillion has added it");
    }

    private static Uninjection.Kept unlisted(String addition, String mark) {
        return new Uninjection.Kept(
                addition, mark + ", and annotation " + Annotations.STATUS + " does not list it; remove it by hand");
    }
}
