package dev.pillion.cluster.certificate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pillion.cluster.LogOnChange;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Makes Pillion's own Namespace the owner of the webhook configurations, so that the garbage collector deletes them with it. They are
 * cluster-scoped: otherwise they would stay and deny Pods because of a Service that no longer exists.
 */
public final class WebhookOwner {

    /** With OwnerReferencesPermissionEnforcement, as in OpenShift, setting an owner requires the right to delete. */
    static final String RIGHT = "get on its own namespace, and get, patch and delete on the webhook configurations";

    private static final Logger LOG = Logger.getLogger(WebhookOwner.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The object was changed or deleted meanwhile. 422 is a failed test operation of the JSON patch. */
    private static final Set<Integer> OUTDATED = Set.of(404, 409, 422);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final LogOnChange unowned;

    /** The last known uid of the Namespace. It changes only if Pillion runs outside of the cluster. */
    private String uid = "";

    /** @param name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration */
    public WebhookOwner(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.unowned = new LogOnChange(
                LOG, "the webhook configurations " + name + " are not yet owned by namespace " + namespace);
    }

    /**
     * Sets the owner if it is missing. For one thread of the leader. A failure is logged; the next call tries again.
     *
     * @return whether there was no failure
     */
    public boolean reconcile() {
        try {
            setOwner(client.resources(MutatingWebhookConfiguration.class).withName(name));
            setOwner(client.resources(ValidatingWebhookConfiguration.class).withName(name));
            unowned.recovered();
            return true;
        } catch (KubernetesClientException e) {
            if (OUTDATED.contains(e.getCode())) {
                return true;
            }
            unowned.failed(LogOnChange.reason(e, RIGHT));
            return false;
        }
    }

    private <T extends HasMetadata> void setOwner(Resource<T> resource) {
        Optional<T> configuration = Optional.ofNullable(resource.get());
        if (configuration.isEmpty() || isOwned(configuration.get())) {
            return;
        }
        Optional<Namespace> owner =
                Optional.ofNullable(client.namespaces().withName(namespace).get());
        if (owner.isEmpty()) {
            return;
        }
        uid = owner.get().getMetadata().getUid();
        if (!isOwned(configuration.get())) {
            resource.patch(PatchContext.of(PatchType.JSON), owned(configuration.get()));
            LOG.infof("%s %s is owned by namespace %s", configuration.get().getKind(), name, namespace);
        }
    }

    private boolean isOwned(HasMetadata configuration) {
        return configuration.getMetadata().getOwnerReferences().stream()
                .filter(this::isToTheNamespace)
                .map(OwnerReference::getUid)
                .toList()
                .equals(List.of(uid));
    }

    private boolean isToTheNamespace(OwnerReference reference) {
        return reference.getKind().equals("Namespace") && reference.getName().equals(namespace);
    }

    /** A JSON patch with the owner. It replaces a reference to an earlier namespace of the same name, which a restored backup may contain. */
    private String owned(HasMetadata configuration) {
        List<OwnerReference> references =
                new ArrayList<>(configuration.getMetadata().getOwnerReferences());
        references.removeIf(this::isToTheNamespace);
        references.add(new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Namespace")
                .withName(namespace)
                .withUid(uid)
                .build());
        ArrayNode patch = JSON.createArrayNode();
        // The list is written as a whole, so the patch must fail if someone else has changed it.
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .put("value", configuration.getMetadata().getResourceVersion());
        patch.addObject()
                .put("op", "add")
                .put("path", "/metadata/ownerReferences")
                .set("value", JSON.valueToTree(references));
        return patch.toString();
    }
}
