package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.DnsLabel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of a profile's containers and volumes in the Pod. An instance renames them, so that a Pod can have several instances of one profile.
 * A volume that the profile mounts and does not define belongs to the Pod, and keeps its name.
 */
final class InstanceNames {

    private final Chosen chosen;
    private final Profile profile;
    private final Set<String> containers = new HashSet<>();
    private final Set<String> volumes = new HashSet<>();

    InstanceNames(Chosen chosen) {
        this.chosen = chosen;
        this.profile = chosen.profile();
    }

    void renameContainer(ObjectNode container) throws DeniedException {
        if (profile.instance().isPresent()) {
            String name = container.path("name").asText();
            containers.add(name);
            container.put("name", inPod("container", name));
        }
    }

    /** A volume of the profile under its name in the Pod. All containers of the profile must be known. */
    JsonNode volume(JsonNode volume) throws DeniedException {
        if (profile.instance().isEmpty() || !volume.isObject()) {
            return volume;
        }
        ObjectNode renamed = references(volume).deepCopy();
        return renamed.put("name", volumeName(volume.path("name").asText()));
    }

    /** @param name of a volume in the profile */
    String volumeName(String name) throws DeniedException {
        if (profile.instance().isEmpty()) {
            return name;
        }
        volumes.add(name);
        return inPod("volume", name);
    }

    /** Renames the containers and volumes that companions refer to. All volumes of the profile must be known. */
    void renameReferences(List<CompanionDraft> companions) {
        if (profile.instance().isEmpty()) {
            return;
        }
        for (CompanionDraft companion : companions) {
            if (companion.tree().has("env")) {
                companion.tree().set("env", references(companion.tree().path("env")));
            }
            for (String field : List.of("volumeMounts", "volumeDevices")) {
                JsonNode mounts = companion.tree().path(field);
                if (mounts.isArray()) {
                    companion.tree().set(field, mounts(mounts));
                }
            }
        }
    }

    /** The same mounts with the names of the volumes in the Pod. */
    JsonNode mounts(JsonNode mounts) {
        if (volumes.isEmpty() || !mounts.isArray()) {
            return mounts;
        }
        ArrayNode renamed = JsonNodeFactory.instance.arrayNode();
        for (JsonNode mount : mounts) {
            String name = mount.path("name").asText();
            renamed.add(
                    volumes.contains(name)
                            ? ((ObjectNode) mount.deepCopy()).put("name", profile.nameInPod(name))
                            : mount);
        }
        return renamed;
    }

    /** The same tree with the names of the profile's containers in each {@code resourceFieldRef}. */
    JsonNode references(JsonNode tree) {
        if (containers.isEmpty() || tree.findValue("resourceFieldRef") == null) {
            return tree;
        }
        JsonNode renamed = tree.deepCopy();
        for (JsonNode reference : renamed.findValues("resourceFieldRef")) {
            String name = reference.path("containerName").asText();
            if (containers.contains(name)) {
                ((ObjectNode) reference).put("containerName", profile.nameInPod(name));
            }
        }
        return renamed;
    }

    private String inPod(String kind, String name) throws DeniedException {
        String renamed = profile.nameInPod(name);
        if (DnsLabel.isValid(name) && renamed.length() > DnsLabel.MAX_LENGTH) {
            throw DeniedException.of(
                    chosen.request(),
                    ReasonCode.INVALID_VALUE,
                    kind + " '" + renamed + "' would have a name of " + renamed.length() + " characters, and Kubernetes"
                            + " allows " + DnsLabel.MAX_LENGTH + "; give the instance a shorter name");
        }
        return renamed;
    }
}
