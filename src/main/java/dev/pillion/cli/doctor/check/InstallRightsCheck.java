package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The caller may create the objects of {@code deploy/overlays/self-managed}. */
final class InstallRightsCheck implements Check {

    @Override
    public CheckId id() {
        return CheckId.INSTALL_RIGHTS;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        AccessReviews reviews = new AccessReviews(inspection);
        List<Permission> missing = new ArrayList<>(reviews.missingOfCaller(ofObjects(inspection)));
        missing.addAll(missingOfGrantedRoles(inspection, reviews));
        Findings findings = new Findings(id());
        if (!missing.isEmpty()) {
            findings.failed(
                    "You may not install Pillion. Missing: " + Sentences.list(missing),
                    "Install Pillion as a cluster administrator");
        }
        return findings.orOk("You may create all objects of deploy/overlays/self-managed");
    }

    /** {@code kubectl apply} gets an object, then creates or patches it. */
    private static List<Permission> ofObjects(Inspection inspection) {
        Set<Resource> resources = new LinkedHashSet<>();
        for (JsonNode object : ShippedManifests.all()) {
            resources.add(Resource.ofKind(object.path("kind").asText()).orElseThrow());
        }
        return resources.stream()
                .flatMap(resource ->
                        Stream.of("get", "create", "patch").map(verb -> permission(verb, resource, inspection)))
                .toList();
    }

    private static Permission permission(String verb, Resource resource, Inspection inspection) {
        return new Permission(
                verb, resource.group(), resource.plural(), resource.isNamespaced() ? inspection.namespace() : "", "");
    }

    /** RBAC lets only a user who has all rights of a role create or bind it, unless the user has the verbs escalate and bind. */
    private static List<Permission> missingOfGrantedRoles(Inspection inspection, AccessReviews reviews)
            throws MissingRightException, UnreachableClusterException {
        List<Permission> privileged = Stream.of(Resource.CLUSTER_ROLE, Resource.ROLE)
                .flatMap(resource -> Stream.of("escalate", "bind").map(verb -> permission(verb, resource, inspection)))
                .toList();
        return reviews.missingOfCaller(privileged).isEmpty()
                ? List.of()
                : reviews.missingOfCaller(Permission.of(ShippedManifests.rbac(true), inspection.namespace()));
    }
}
