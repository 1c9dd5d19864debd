package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.compare.KubernetesAdditions;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.render.SharedDirectories;
import dev.pillion.pod.Pod;
import java.util.HashSet;
import java.util.Set;

/** Checks that each volume of an enforced profile is in the Pod as rendered. */
final class VolumeCheck {

    private static final FieldComparison VOLUMES = new FieldComparison(KubernetesAdditions.OF_VOLUME);

    private final Pod pod;
    private final SharedDirectories directories;
    private final ComplianceFindings findings;
    private final Set<String> duplicates = new HashSet<>();

    VolumeCheck(Pod pod, SharedDirectories directories, ComplianceFindings findings) {
        this.pod = pod;
        this.directories = directories;
        this.findings = findings;
        Set<String> names = new HashSet<>();
        for (JsonNode volume : pod.spec("volumes")) {
            String name = volume.path("name").asText();
            if (!names.add(name)) {
                duplicates.add(name);
            }
        }
    }

    void check(RenderedProfile each, JsonNode volume) {
        String name = volume.path("name").asText();
        JsonNode present = pod.volumes().getOrDefault(name, MissingNode.getInstance());
        if (present.isMissingNode()) {
            findings.missing(each.profile(), "volume " + name);
        } else if (duplicates.contains(name)) {
            findings.changed(each.profile(), "the Pod has volume " + name + " twice");
        } else {
            VOLUMES.difference("", volume, present)
                    .ifPresent(difference -> findings.changed(
                            each.profile(), "volume " + name + " differs from the profile: " + difference));
        }
    }

    /** Checks the volume of a shared directory, unless the directory is in a volume of the app. */
    void check(RenderedProfile each, Share share) {
        if (directories.volumeOf(share).equals(share.volume())) {
            ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", share.volume());
            volume.set("emptyDir", share.emptyDir());
            check(each, volume);
        }
    }
}
