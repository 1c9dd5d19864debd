package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Mounts shared directories in companions. */
final class CompanionMounts {

    /** By identity: to compare companions would be to compare whole containers. */
    private final Map<Companion, ContainerTree> trees = new IdentityHashMap<>();

    /** The places at which companions mount shared directories. */
    private final Set<String> places = new HashSet<>();

    /** @param companions those that read or write the directory */
    void add(Share share, List<Companion> companions, SharedMount shared) throws DeniedException {
        SubPathReferences references = shared.references();
        PrivateReferences renamed = PrivateReferences.of(shared.mount(), references.variables());
        SubPathReferences underOwnNames =
                new SubPathReferences(references.request(), references.mountPath(), renamed.variables());
        for (Companion companion : companions) {
            boolean enforced = companion.chosen().enforced();
            ObjectNode own = (enforced ? renamed.mount() : shared.mount()).deepCopy();
            if (!share.isWrittenBy(companion)) {
                own.put("readOnly", true);
            }
            ContainerTree tree = trees.computeIfAbsent(companion, original -> ContainerTree.copyOf(original.tree()));
            checkPlace(companion, tree, VolumeMount.of(own));
            tree.mount(own);
            places.add(place(companion, VolumeMount.of(own)));
            (enforced ? underOwnNames : references).addTo(tree.tree());
        }
    }

    /** The profile with the mounts of its companions. */
    RenderedProfile addTo(RenderedProfile profile) {
        if (trees.isEmpty()) {
            return profile;
        }
        List<Companion> companions = new ArrayList<>();
        for (Companion companion : profile.companions()) {
            ContainerTree changed = trees.get(companion);
            companions.add(changed == null ? companion : companion.with(changed.tree()));
        }
        return profile.with(companions);
    }

    /** A shared directory must not hide directories of the companion's image, or what the companion's profile mounts read-only. */
    private void checkPlace(Companion companion, ContainerTree tree, VolumeMount mount) throws DeniedException {
        if (companion.template().inherited().contains(Inherited.IMAGE)) {
            return;
        }
        if (SystemDirectories.areHiddenBy(mount.directory())) {
            throw SystemDirectories.denial(companion.chosen(), companion.name(), mount.mountPath());
        }
        for (JsonNode present : tree.tree().path("volumeMounts")) {
            VolumeMount own = VolumeMount.of(present);
            if (present.path("readOnly").asBoolean()
                    && own.covers(mount.directory())
                    && !own.directory().equals(mount.directory())
                    && !own.volume().equals(mount.volume())
                    && !places.contains(place(companion, own))) {
                throw SystemDirectories.denial(companion.chosen(), companion.name(), mount.mountPath());
            }
        }
    }

    private static String place(Companion companion, VolumeMount mount) {
        return companion.name() + " " + mount.directory();
    }
}
