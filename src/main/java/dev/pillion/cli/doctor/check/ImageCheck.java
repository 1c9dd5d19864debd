package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The image of Pillion can be pulled, as far as that is known without contacting its registry. */
final class ImageCheck implements Check {

    /** The form of github.com/distribution/reference: a name, then a tag, a digest, or both. */
    private static final Pattern REFERENCE = Pattern.compile(
            "[a-zA-Z0-9][a-zA-Z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\\w][\\w.-]{0,127})?(@sha256:[a-f0-9]{64})?");

    private static final String UNPUBLISHED = "localhost/";

    private static final Set<String> PULL_FAILURES =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");

    @Override
    public CheckId id() {
        return CheckId.IMAGE;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Optional<JsonNode> deployment = inspection.image().isPresent() ? Optional.empty() : inspection.deployment();
        String image = inspection
                .image()
                .or(() -> deployment.map(PillionWorkload::image))
                .orElseGet(() -> PillionWorkload.image(ShippedManifests.deployment()));
        Findings findings = new Findings(id());
        checkReference(image, deployment.isPresent(), findings);
        if (deployment.isPresent()) {
            checkSecrets(deployment.get(), inspection, findings);
            return checkPods(image, inspection, findings);
        }
        return findings.orOk("Image " + image
                + " is a valid reference. Nothing else is checked: the command does not contact the registry");
    }

    private static void checkReference(String image, boolean isInstalled, Findings findings) {
        if (!REFERENCE.matcher(image).matches()) {
            findings.failed(
                    "'" + image + "' is not a reference of an image",
                    "Write REGISTRY/NAME:TAG or REGISTRY/NAME@sha256:DIGEST: docs/image.md");
        } else if (image.startsWith(UNPUBLISHED) && !isInstalled) {
            findings.warning(
                    "Image " + image + " is in no registry: there is no published image yet",
                    "Build the image and push it to your registry (docs/image.md). Then give its reference by --image");
        }
    }

    private static void checkSecrets(JsonNode deployment, Inspection inspection, Findings findings)
            throws UnreachableClusterException {
        for (JsonNode each : PillionWorkload.imagePullSecrets(deployment)) {
            String name = each.path("name").asText();
            try {
                Optional<JsonNode> secret = inspection.object(Resource.SECRET, name);
                String type = secret.map(found -> found.path("type").asText()).orElse("");
                if (!type.startsWith("kubernetes.io/docker")) {
                    findings.failed(
                            "Pull secret " + inspection.namespace() + "/" + name
                                    + (secret.isEmpty() ? " does not exist" : " has the type " + type),
                            "Create it: kubectl -n " + inspection.namespace() + " create secret docker-registry "
                                    + name);
                }
            } catch (MissingRightException e) {
                findings.unknown(e);
            }
        }
    }

    private static List<Finding> checkPods(String image, Inspection inspection, Findings findings)
            throws MissingRightException, UnreachableClusterException {
        int started = 0;
        for (JsonNode pod : inspection.pods()) {
            for (JsonNode status : pod.path("status").path("containerStatuses")) {
                JsonNode waiting = status.path("state").path("waiting");
                if (PULL_FAILURES.contains(waiting.path("reason").asText())) {
                    findings.failed(
                            "Pod " + PillionWorkload.name(pod) + " cannot pull " + image + ": "
                                    + waiting.path("message").asText(),
                            "Correct the reference, the pull secret or the registry: docs/image.md");
                } else if (status.path("name").asText().equals(Inspection.PILLION)
                        && !status.path("imageID").asText().isEmpty()) {
                    started++;
                }
            }
        }
        return findings.orOk(
                started > 0
                        ? "Image " + image + " was pulled for " + Sentences.count(started, "replica")
                        : "Image " + image + " is a valid reference. No replica has pulled it yet");
    }
}
