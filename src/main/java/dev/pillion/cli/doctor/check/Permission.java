package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What one rule of RBAC allows, or what an access review asks for.
 *
 * @param resource with its subresource, such as {@code injectionpolicies/status}
 * @param namespace empty for all namespaces
 * @param name of the object; empty for all objects
 */
record Permission(String verb, String group, String resource, String namespace, String name) {

    /** All permissions that Roles and ClusterRoles give. */
    static List<Permission> of(List<JsonNode> objects, String namespace) {
        List<Permission> permissions = new ArrayList<>();
        for (JsonNode object : objects) {
            String kind = object.path("kind").asText();
            if (kind.equals(Resource.ROLE.kind())) {
                permissions.addAll(ofRules(object.path("rules"), namespace));
            } else if (kind.equals(Resource.CLUSTER_ROLE.kind())) {
                permissions.addAll(ofRules(object.path("rules"), ""));
            }
        }
        return permissions;
    }

    /** @param namespace empty for all namespaces */
    static List<Permission> ofRules(JsonNode rules, String namespace) {
        List<Permission> permissions = new ArrayList<>();
        rules.forEach(rule -> add(rule, namespace, permissions));
        return permissions;
    }

    private static void add(JsonNode rule, String namespace, List<Permission> permissions) {
        List<String> names = rule.path("resourceNames").isEmpty() ? List.of("") : texts(rule.path("resourceNames"));
        for (String group : texts(rule.path("apiGroups"))) {
            for (String resource : texts(rule.path("resources"))) {
                for (String name : names) {
                    for (String verb : texts(rule.path("verbs"))) {
                        permissions.add(new Permission(verb, group, resource, namespace, name));
                    }
                }
            }
        }
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    Permission in(String namespace) {
        return new Permission(verb, group, resource, namespace, name);
    }

    /** Writes the {@code resourceAttributes} of an access review. */
    void writeTo(ObjectNode spec) {
        String[] parts = resource.split("/", 2);
        ObjectNode attributes = spec.putObject("resourceAttributes")
                .put("verb", verb)
                .put("group", group)
                .put("resource", parts[0]);
        if (parts.length == 2) {
            attributes.put("subresource", parts[1]);
        }
        if (!namespace.isEmpty()) {
            attributes.put("namespace", namespace);
        }
        if (!name.isEmpty()) {
            attributes.put("name", name);
        }
    }

    /** For example {@code patch leases.coordination.k8s.io pillion in namespace pillion}. */
    @Override
    public String toString() {
        return verb + " " + resource
                + (group.isEmpty() ? "" : "." + group)
                + (name.isEmpty() ? "" : " " + name)
                + (namespace.isEmpty() ? "" : " in namespace " + namespace);
    }
}
