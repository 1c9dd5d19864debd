package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Changes workloads and their Pods. Only {@code pillion rollout} does that, with the credentials of its user. */
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

    /**
     * Changes images and annotations of a live Pod.
     *
     * @param pod as it was read; a Pod that has changed since then stays as it is
     * @param images by list and name of the container
     * @return whether the Pod was changed; false if it was deleted or has changed since it was read
     */
    public boolean update(Pod pod, Map<ContainerList, Map<String, String>> images, Map<String, String> annotations)
            throws UnreachableClusterException {
        JsonNode present = pod.tree().path("metadata");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("resourceVersion", present.path("resourceVersion"));
        annotations.forEach(metadata.putObject("annotations")::put);
        ObjectNode spec = patch.putObject("spec");
        images.forEach((list, byName) -> {
            ArrayNode containers = spec.putArray(list.field());
            byName.forEach(
                    (name, image) -> containers.addObject().put("name", name).put("image", image));
        });
        return patch(ResourceType.POD, present.path("namespace").asText(), pod.name(), patch);
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
                    .resource(named(type, name))
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

    /** With an object instead of a name, the client does not read the object first. */
    private static GenericKubernetesResource named(ResourceType type, String name) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(type.apiVersion());
        object.setKind(type.kind());
        object.setMetadata(new ObjectMetaBuilder().withName(name).build());
        return object;
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
