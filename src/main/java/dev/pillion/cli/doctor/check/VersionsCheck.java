package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The replicas and this command have the same version. The check {@code crds} compares the custom resource definitions. */
final class VersionsCheck implements Check {

    /** The tag of an image, without the suffix of images with an AOT cache (docs/image.md). */
    private static final Pattern TAG = Pattern.compile(".*/[^:]+:([^@]+?)(-aot)?(@.*)?");

    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+.*");

    @Override
    public CheckId id() {
        return CheckId.VERSIONS;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Set<String> images = new TreeSet<>();
        Set<String> versions = new TreeSet<>();
        boolean unknown = false;
        List<JsonNode> pods = inspection.pods();
        for (JsonNode pod : pods) {
            images.add(PillionWorkload.container(pod.path("spec")).path("image").asText());
            Optional<String> version = version(pod);
            version.ifPresent(versions::add);
            unknown |= version.isEmpty();
        }
        Findings findings = new Findings(id());
        if (pods.isEmpty()) {
            findings.warning("Not checked: there is no replica", "See the check deployment");
        } else if (images.size() > 1) {
            findings.warning(
                    "The replicas have different images: " + Sentences.list(images),
                    "Wait for the rollout: kubectl -n " + inspection.namespace()
                            + " rollout status deployment/pillion");
        }
        if (unknown) {
            findings.warning(
                    "The version of a replica is not known: the tag of its image is not a version, and the Pod has no"
                            + " label app.kubernetes.io/version",
                    "Tag the image with its version, or set the label. The chart sets it");
        }
        versions.remove(inspection.version());
        if (!versions.isEmpty()) {
            findings.warning(
                    "This command has the version " + inspection.version() + ", and replicas have "
                            + Sentences.list(versions),
                    "Use the command of the installed version, or upgrade Pillion (deploy/README.md#upgrade)");
        }
        return findings.orOk("The replicas and this command have the version " + inspection.version());
    }

    private static Optional<String> version(JsonNode pod) {
        Matcher tag = TAG.matcher(
                PillionWorkload.container(pod.path("spec")).path("image").asText());
        if (tag.matches() && VERSION.matcher(tag.group(1)).matches()) {
            return Optional.of(tag.group(1));
        }
        return Optional.ofNullable(PillionWorkload.labelsOf(pod).get("app.kubernetes.io/version"));
    }
}
