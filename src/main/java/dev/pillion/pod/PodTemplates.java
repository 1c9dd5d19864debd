package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the Pod templates of a manifest: by its kind, or by their structure if the kind is unknown. */
final class PodTemplates {

    private static final List<String> TEMPLATE = List.of("spec", "template");

    private static final Set<String> TEMPLATE_OWNERS = Set.of(
            "apps/Deployment",
            "apps/StatefulSet",
            "apps/DaemonSet",
            "apps/ReplicaSet",
            "batch/Job",
            "/ReplicationController",
            "apps.openshift.io/DeploymentConfig");

    /** The objects of these groups contain schemas, patterns, patches or chart values with the structure of a Pod template. */
    private static final Set<String> GROUPS_WITHOUT_PODS = Set.of(
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "helm.cattle.io",
            "helm.toolkit.fluxcd.io",
            "kustomize.config.k8s.io",
            "kustomize.toolkit.fluxcd.io",
            "kyverno.io",
            "mutations.gatekeeper.sh",
            "pillion.dev",
            "policies.kyverno.io",
            "templates.gatekeeper.sh");

    /** The maximum depth of a template. Those of known custom resources have a depth of at most 7 (a list of roles in a spec). */
    private static final int DEEPEST = 12;

    private final List<List<String>> found = new ArrayList<>();

    private PodTemplates() {}

    /** The paths of all templates in order; an empty path is the manifest itself. */
    static List<List<String>> in(JsonNode manifest, String apiVersion, String kind) {
        Optional<List<String>> known = ofKind(apiVersion, kind);
        if (known.isPresent()) {
            return List.of(known.get());
        }
        PodTemplates templates = new PodTemplates();
        String group = group(apiVersion);
        if (manifest.isObject() && !group.isEmpty() && !GROUPS_WITHOUT_PODS.contains(group)) {
            templates.search(manifest, List.of());
        }
        return templates.found;
    }

    private static Optional<List<String>> ofKind(String apiVersion, String kind) {
        String groupAndKind = group(apiVersion) + "/" + kind;
        return switch (groupAndKind) {
            case "/Pod" -> Optional.of(List.of());
            case "/PodTemplate" -> Optional.of(List.of("template"));
            case "batch/CronJob" -> Optional.of(List.of("spec", "jobTemplate", "spec", "template"));
            default -> TEMPLATE_OWNERS.contains(groupAndKind) ? Optional.of(TEMPLATE) : Optional.empty();
        };
    }

    private static String group(String apiVersion) {
        return apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
    }

    private void search(JsonNode node, List<String> path) {
        if (path.size() > DEEPEST) {
            return;
        }
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                boolean described = path.isEmpty()
                        && (field.getKey().equals("metadata") || field.getKey().equals("status"));
                if (!described) {
                    visit(field.getKey(), field.getValue(), path);
                }
            }
        } else if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                search(node.get(index), below(path, Integer.toString(index)));
            }
        }
    }

    private void visit(String field, JsonNode value, List<String> path) {
        List<String> place = below(path, field);
        if (isTemplateField(field) && isPodTemplate(value)) {
            found.add(place);
        } else {
            search(value, place);
        }
    }

    /** Whether a step of a path is the index of a list's element. */
    static boolean isIndex(String step) {
        return step.length() < 10 && step.chars().allMatch(Character::isDigit);
    }

    private static boolean isTemplateField(String field) {
        return field.equals("template") || field.endsWith("Template") || field.endsWith("TemplateSpec");
    }

    /** Containers without an image are not counted: some operators accept a part of a Pod template and complete it. */
    private static boolean isPodTemplate(JsonNode value) {
        JsonNode containers = value.path("spec").path("containers");
        if (!containers.isArray() || containers.isEmpty()) {
            return false;
        }
        for (JsonNode container : containers) {
            if (!container.path("image").isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> below(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }
}
