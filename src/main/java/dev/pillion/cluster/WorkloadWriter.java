package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Changes workloads. Only {@code pillion rollout} does that, with the credentials of its user. */
public final class WorkloadWriter {

    /** The manager of the changed fields, in {@code metadata.managedFields}. */
    private static final String FIELD_MANAGER = "pillion-rollout";

    /** The annotation of {@code kubectl rollout restart}. */
    public static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

    private final ApiPaths api;

    public WorkloadWriter(ClusterReader reader) {
        this.api = reader.api();
    }

    /**
     * Restarts a workload as {@code kubectl rollout restart} does: changes an annotation of its Pod template.
     *
     * @return whether the workload still exists
     */
    public boolean restart(ResourceType type, String namespace, String name, Instant now)
            throws UnreachableClusterException {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec")
                .putObject("template")
                .putObject("metadata")
                .putObject("annotations")
                .put(RESTARTED_AT, now.truncatedTo(ChronoUnit.SECONDS).toString());
        return patch(type, namespace, name, patch);
    }

    /** @return whether the patch was applied; false if the object was deleted, or differs from the version in the patch */
    private boolean patch(ResourceType type, String namespace, String name, JsonNode patch)
            throws UnreachableClusterException {
        PatchContext context = PatchContext.of(PatchType.STRATEGIC_MERGE);
        context.setFieldManager(FIELD_MANAGER);
        try {
            api.client()
                    .genericKubernetesResources(definition(type))
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(context, patch.toString());
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw new UnreachableClusterException(
                    api.problem("patch", type.plural() + " in namespace " + namespace, e));
        }
    }

    private static ResourceDefinitionContext definition(ResourceType type) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(type.group())
                .withVersion(type.version())
                .withKind(type.kind())
                .withPlural(type.plural())
                .withNamespaced(true)
                .build();
    }
}
