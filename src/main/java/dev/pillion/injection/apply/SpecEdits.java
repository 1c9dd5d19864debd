package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.ListIndex;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeUsers;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds volumes and image pull secrets to the Pod's spec. */
final class SpecEdits {

    private static final Pointer VOLUMES = Pointer.of("spec", "volumes");
    private static final Pointer SECRETS = Pointer.of("spec", "imagePullSecrets");

    private final PodEdit edit;
    private final Pod pod;
    private final Set<String> emptyDirs = new LinkedHashSet<>();
    private final Map<String, ProfileRequest> claims = new HashMap<>();
    private final ListIndex secrets;

    private final VolumeUsers users;

    SpecEdits(PodEdit edit) {
        this.edit = edit;
        this.pod = edit.pod();
        this.users = VolumeUsers.in(pod.tree().path("spec"));
        this.secrets = ListIndex.byName(pod.spec("imagePullSecrets"));
    }

    /** The names of the {@code emptyDir} volumes that were added. */
    Set<String> emptyDirs() {
        return emptyDirs;
    }

    /** Whether the volume was added. */
    boolean addVolume(Chosen chosen, JsonNode volume) throws DeniedException {
        String name = volume.path("name").asText();
        JsonNode present = pod.volumes().get(name);
        Optional<JsonNode> other = edit.claim("volume " + name, volume);
        if (other.isPresent()) {
            if (!other.get().equals(volume)) {
                throw DeniedException.of(
                        List.of(claims.getOrDefault(name, chosen.request()), chosen.request()),
                        ReasonCode.NAME_TAKEN,
                        "that would add two different volumes called '" + name + "'; request only one of them");
            }
            return false;
        }
        claims.put(name, chosen.request());
        if (present == null) {
            checkNotMounted(name, chosen);
            edit.patch().append(VOLUMES, volume);
            edit.status().volumes.add(name);
            edit.record(AddedParts.SPEC, AddedParts.volume(name), AdditionHash.ofVolume(volume));
            if (volume.has("emptyDir")) {
                emptyDirs.add(name);
            }
            return true;
        }
        if (edit.earlier().volumes().contains(name) && isOfSameKind(volume, present)) {
            edit.status().volumes.add(name);
            edit.recordEarlier(AddedParts.SPEC, AddedParts.volume(name), () -> AdditionHash.ofVolume(volume));
        } else if (!edit.matcher().matches(volume, present) || isUsedByApp(name, volume)) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.NAME_TAKEN,
                    "the Pod has a different volume called '" + name + "'"
                            + (isDeclared(name) ? "" : " from a claim template")
                            + "; rename it");
        }
        return false;
    }

    /** Containers may mount a volume that the Pod does not declare, because its controller adds it later. They must not get this volume instead. */
    private void checkNotMounted(String name, Chosen chosen) throws DeniedException {
        if (edit.earlier().volumes().contains(name)) {
            return;
        }
        Optional<String> user = users.of(name);
        if (user.isPresent()) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.NAME_TAKEN,
                    "that would add a volume '" + name + "', and container " + user.get()
                            + " mounts a volume of that name that the Pod does not declare; rename it");
        }
    }

    /** False if a claim template, whose data belongs to the app, has since replaced an injected volume. */
    private static boolean isOfSameKind(JsonNode volume, JsonNode present) {
        for (Map.Entry<String, JsonNode> field : volume.properties()) {
            if (!present.has(field.getKey())) {
                return false;
            }
        }
        return true;
    }

    private boolean isDeclared(String name) {
        for (JsonNode volume : pod.spec("volumes")) {
            if (volume.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the volume is an {@code emptyDir} of the app, even if it equals the one that would be added. */
    private boolean isUsedByApp(String name, JsonNode volume) {
        return volume.has("emptyDir")
                && pod.allContainers()
                        .filter(container ->
                                !edit.earlier().list(container.list()).contains(container.name()))
                        .flatMap(container -> container.volumeMounts().stream())
                        .anyMatch(mount -> mount.volume().equals(name));
    }

    /** Whether the secret was added. */
    boolean addSecret(JsonNode secret) {
        String name = secret.path("name").asText();
        if (secrets.contains(secret, edit.matcher())) {
            PodEdit.keepListed(edit.earlier().imagePullSecrets(), edit.status().imagePullSecrets, name);
            return false;
        }
        if (edit.claim("secret " + name, secret).isPresent()) {
            return false;
        }
        edit.patch().append(SECRETS, secret);
        edit.status().imagePullSecrets.add(name);
        return true;
    }
}
