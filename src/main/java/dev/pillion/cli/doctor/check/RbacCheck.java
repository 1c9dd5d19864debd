package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pillion's ServiceAccount has the rights of the manifests. */
final class RbacCheck implements Check {

    private static final String FIX =
            "Apply your overlay again, or run helm upgrade. rbac.yaml gives the reason for each"
                    + " rule. The log and /health/ready name what fails: docs/operations.md#pilliondown";

    @Override
    public CheckId id() {
        return CheckId.RBAC;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Optional<JsonNode> deployment = inspection.deployment();
        List<JsonNode> shipped = ShippedManifests.rbac(
                deployment.map(PillionWorkload::isSelfManaged).orElse(false));
        String account = deployment.map(PillionWorkload::serviceAccount).orElse(Inspection.PILLION);
        Findings findings = new Findings(id());
        List<Permission> missing;
        String source;
        try {
            missing = new AccessReviews(inspection).missingOf(account, Permission.of(shipped, inspection.namespace()));
            source = "";
        } catch (MissingRightException e) {
            missing = missingInObjects(inspection, shipped, account);
            source = ". Only the Roles and bindings of the manifests were compared, because you may not " + e.right();
        }
        if (!missing.isEmpty()) {
            findings.failed(
                    "ServiceAccount " + inspection.namespace() + "/" + account + " lacks rights: "
                            + Sentences.list(missing) + source,
                    FIX);
        }
        return findings.orOk("ServiceAccount " + inspection.namespace() + "/" + account
                + " has the rights of the manifests" + source);
    }

    /** The permissions that are not in the Roles of the same names, or whose Roles are not bound to the ServiceAccount. */
    private static List<Permission> missingInObjects(Inspection inspection, List<JsonNode> shipped, String account)
            throws MissingRightException, UnreachableClusterException {
        List<Permission> missing = new ArrayList<>();
        for (JsonNode role : shipped) {
            String kind = role.path("kind").asText();
            if (kind.equals(Resource.ROLE.kind()) || kind.equals(Resource.CLUSTER_ROLE.kind())) {
                String name = role.path("metadata").path("name").asText();
                boolean isCluster = kind.equals(Resource.CLUSTER_ROLE.kind());
                Resource roles = isCluster ? Resource.CLUSTER_ROLE : Resource.ROLE;
                Resource bindings = isCluster ? Resource.CLUSTER_ROLE_BINDING : Resource.ROLE_BINDING;
                Optional<JsonNode> binding = inspection.object(bindings, name);
                Optional<JsonNode> installed = inspection.object(roles, name);
                missing.addAll(Permission.of(List.of(role), inspection.namespace()));
                if (installed.isPresent()
                        && binding.filter(each -> binds(each, inspection.namespace(), account))
                                .isPresent()) {
                    missing.removeAll(
                            Permission.ofRules(installed.get().path("rules"), isCluster ? "" : inspection.namespace()));
                }
            }
        }
        return missing;
    }

    private static boolean binds(JsonNode binding, String namespace, String account) {
        return binding.path("subjects")
                .valueStream()
                .anyMatch(subject -> subject.path("name").asText().equals(account)
                        && subject.path("namespace").asText().equals(namespace));
    }
}
