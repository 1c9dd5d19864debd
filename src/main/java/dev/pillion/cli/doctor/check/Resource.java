package dev.pillion.cli.doctor.check;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The resources of Kubernetes that the checks read or that {@code deploy/} creates. */
enum Resource {
    NAMESPACE("", "v1", "Namespace", "namespaces", false),
    POD("", "v1", "Pod", "pods", true),
    SERVICE("", "v1", "Service", "services", true),
    SERVICE_ACCOUNT("", "v1", "ServiceAccount", "serviceaccounts", true),
    SECRET("", "v1", "Secret", "secrets", true),
    DEPLOYMENT("apps", "v1", "Deployment", "deployments", true),
    ENDPOINT_SLICE("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true),
    NETWORK_POLICY("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true),
    DISRUPTION_BUDGET("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
    ROLE("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
    ROLE_BINDING("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
    CLUSTER_ROLE("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
    CLUSTER_ROLE_BINDING("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false),
    CUSTOM_RESOURCE_DEFINITION(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false),
    MUTATING_WEBHOOKS(
            "admissionregistration.k8s.io",
            "v1",
            "MutatingWebhookConfiguration",
            "mutatingwebhookconfigurations",
            false),
    VALIDATING_WEBHOOKS(
            "admissionregistration.k8s.io",
            "v1",
            "ValidatingWebhookConfiguration",
            "validatingwebhookconfigurations",
            false);

    private final String group;
    private final String version;
    private final String kind;
    private final String plural;
    private final boolean namespaced;

    Resource(String group, String version, String kind, String plural, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    /** The resource of a kind; empty if it is not listed here. */
    static Optional<Resource> ofKind(String kind) {
        return Arrays.stream(values()).filter(each -> each.kind.equals(kind)).findFirst();
    }

    String group() {
        return group;
    }

    String kind() {
        return kind;
    }

    String plural() {
        return plural;
    }

    boolean isNamespaced() {
        return namespaced;
    }

    /** The path of all objects. */
    String path(String namespace) {
        return (group.isEmpty() ? "/api/" : "/apis/" + group + "/")
                + version
                + (namespaced ? "/namespaces/" + encoded(namespace) : "")
                + "/" + plural;
    }

    String path(String namespace, String name) {
        return path(namespace) + "/" + encoded(name);
    }

    /** For example {@code list pods in namespace pillion}. */
    String right(String verb, String namespace) {
        return verb + " " + plural + (group.isEmpty() ? "" : "." + group)
                + (namespaced ? " in namespace " + namespace : "");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
