package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReadOnlyVolume;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks that a directory can be shared.
 *
 * @param writers the companions that write to it
 */
record ShareableDirectory(Share share, List<Companion> writers) {

    /** The characters of a path that a message shows. It is more than of other texts, since paths often differ at their ends only. */
    private static final int SHOWN = 400;

    static String shown(String path) {
        return Excerpt.of(path, SHOWN);
    }

    /**
     * Denies an {@code emptyDir} that hides what the image of a container needs.
     *
     * @return warnings about what it is likely to hide
     */
    List<Reason> checkImages() throws DeniedException {
        boolean written = !writers.isEmpty();
        List<Reason> warnings = new ArrayList<>();
        for (Container target : share.targets()) {
            Optional<String> needed = ImageDirectories.neededAt(share.path(), target, written);
            if (needed.isPresent()) {
                throw denial("an empty directory at " + shown(share.path()) + " would hide " + needed.get()
                        + "; choose another directory");
            }
            ImageDirectories.likelyAt(share.path(), target, written)
                    .ifPresent(hidden -> warnings.add(new Reason(
                            ReasonCode.DIRECTORY_HIDDEN,
                            share.chosen()
                                    .request()
                                    .but("an empty directory at " + shown(share.path()) + " hides " + hidden
                                            + "; choose another directory if the app needs it"))));
        }
        return warnings;
    }

    /**
     * Denies a read-only volume for a companion that writes. The companion would fail at run time with nothing but "Read-only file system" in
     * its log.
     */
    void checkWritable(Pod pod, Container owner, JsonNode mount) throws DeniedException {
        if (writers.isEmpty()) {
            return;
        }
        VolumeMount mounted = VolumeMount.of(mount);
        Optional<String> readOnly = ReadOnlyVolume.kind(
                pod.volumes().getOrDefault(mounted.volume(), JsonNodeFactory.instance.objectNode()));
        if (readOnly.isPresent()) {
            throw denial("companion " + writers.getFirst().name() + " would write to " + shown(share.path())
                    + ", where container " + owner.name() + " mounts volume '" + mounted.volume() + "'"
                    + (mounted.directory().equals(share.path()) ? "" : " (at " + shown(mounted.mountPath()) + ")")
                    + ", " + readOnly.get()
                    + ", which is read-only; choose another directory, or another volume for this one");
        }
    }

    void checkDevices(Container target) throws DeniedException {
        for (JsonNode device : target.tree().path("volumeDevices")) {
            if (VolumeMount.directory(device.path("devicePath").asText()).equals(share.path())) {
                throw denial("container " + target.name() + " has a block device at " + shown(share.path())
                        + ", where no directory can be mounted; choose another directory");
            }
        }
    }

    private DeniedException denial(String problem) {
        return DeniedException.of(share.chosen().request(), ReasonCode.DIRECTORY_NOT_SHAREABLE, problem);
    }
}
