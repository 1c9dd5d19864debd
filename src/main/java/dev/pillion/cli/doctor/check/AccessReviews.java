package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cluster.ApiResponse;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.List;

/** Asks the API server what is permitted. An access review is not stored. */
record AccessReviews(Inspection inspection) {

    private static final String GROUP = "authorization.k8s.io";

    /** The permissions that the caller does not have. */
    List<Permission> missingOfCaller(List<Permission> permissions)
            throws MissingRightException, UnreachableClusterException {
        return missing(permissions, "SelfSubjectAccessReview", "selfsubjectaccessreviews", "");
    }

    boolean callerMay(Permission permission) throws MissingRightException, UnreachableClusterException {
        return missingOfCaller(List.of(permission)).isEmpty();
    }

    /**
     * The permissions that a ServiceAccount of Pillion's namespace does not have.
     *
     * @throws MissingRightException if the caller may not ask for the rights of others
     */
    List<Permission> missingOf(String serviceAccount, List<Permission> permissions)
            throws MissingRightException, UnreachableClusterException {
        return missing(permissions, "SubjectAccessReview", "subjectaccessreviews", serviceAccount);
    }

    private List<Permission> missing(List<Permission> permissions, String kind, String plural, String serviceAccount)
            throws MissingRightException, UnreachableClusterException {
        List<Permission> missing = new ArrayList<>();
        for (Permission permission : permissions) {
            ObjectNode review = JsonNodeFactory.instance.objectNode();
            review.put("apiVersion", GROUP + "/v1").put("kind", kind);
            ObjectNode spec = review.putObject("spec");
            if (!serviceAccount.isEmpty()) {
                subject(spec, serviceAccount);
            }
            permission.writeTo(spec);
            ApiResponse response =
                    inspection.evaluate("/apis/" + GROUP + "/v1/" + plural, review, "create " + plural + "." + GROUP);
            if (!response.body().path("status").path("allowed").asBoolean()) {
                missing.add(permission);
            }
        }
        return missing;
    }

    /** A ServiceAccount with the groups that every ServiceAccount has. */
    private void subject(ObjectNode spec, String serviceAccount) {
        spec.put("user", "system:serviceaccount:" + inspection.namespace() + ":" + serviceAccount);
        spec.putArray("groups")
                .add("system:serviceaccounts")
                .add("system:serviceaccounts:" + inspection.namespace())
                .add("system:authenticated");
    }
}
