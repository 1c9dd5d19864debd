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
 * Has the webhook configurations belong to Pillion's own Namespace, so that Kubernetes' garbage collector takes them away when that is
 * deleted. They are in no namespace themselves, and would be left behind to refuse Pods for the sake of a Service that is gone.
 */
public final class WebhookOwner {

    /** An API server with OwnerReferencesPermissionEnforcement, as OpenShift's, lets nobody set an owner who may not delete. */
    static final String RIGHT = "get on its own namespace, and get, patch and delete on the webhook configurations";

    private static final Logger LOG = Logger.getLogger(WebhookOwner.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Somebody was quicker, or it is gone: 422 is a test in a JSON patch that does not hold. */
    private static final Set<Integer> OUTDATED = Set.of(404, 409, 422);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final LogOnChange unowned;

    /** Of the Namespace, as last heard: it can only be another one where Pillion runs outside of it. */
    private String uid = "";

    /** @param name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration */
    public WebhookOwner(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.unowned = new LogOnChange(
                LOG, "the webhook configurations " + name + " do not yet go with namespace " + namespace);
    }

    /**
     * For one thread, of the replica that leads. What fails is logged, and tried again at the next look.
     *
     * @return whether it could be looked after
     */
    public boolean look() {
        try {
            own(client.resources(MutatingWebhookConfiguration.class).withName(name));
            own(client.resources(ValidatingWebhookConfiguration.class).withName(name));
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

    private <T extends HasMetadata> void own(Resource<T> resource) {
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
            LOG.infof("%s %s goes with namespace %s", configuration.get().getKind(), name, namespace);
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

    /** A backup brings back the reference to a namespace of the same name that is gone, for which it would be deleted: that is replaced. */
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
        // The list is written as a whole, so nobody may have changed it meanwhile.
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
