package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.Optional;

/** The namespace accepts Pillion's Pods, which meet the strictest Pod Security Standard. */
final class PodSecurityCheck implements Check {

    private static final String LABEL = "pod-security.kubernetes.io/enforce";
    private static final List<String> LEVELS = List.of("privileged", "baseline", "restricted");

    @Override
    public CheckId id() {
        return CheckId.POD_SECURITY;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Optional<JsonNode> namespace = inspection.object(Resource.NAMESPACE, inspection.namespace());
        Findings findings = new Findings(id());
        String name = "Namespace " + inspection.namespace();
        if (namespace.isEmpty()) {
            findings.ok(name + " does not exist yet. The manifests create it, and enforce the level restricted");
            return findings.list();
        }
        String level =
                namespace.get().path("metadata").path("labels").path(LABEL).asText("");
        if (level.isEmpty()) {
            return findings.orOk(name + " enforces no Pod Security Standard by a label, so it accepts Pillion's Pods");
        }
        if (!LEVELS.contains(level)) {
            findings.warning(
                    name + " has the label " + LABEL + "=" + level + ", which is not a level",
                    "Set the label to restricted. Pillion's Pods meet this level");
        }
        return findings.orOk(name + " enforces the level " + level + ", which Pillion's Pods meet");
    }
}
