package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.Manifest.PlacedObject;
import dev.pillion.cli.manifest.PlacedWorkload;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.injection.select.IntendedRequest;
import dev.pillion.injection.select.MisplacedRequests;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds labels and annotations that request a companion and have no effect: outside the metadata of a Pod, or in a kind without a Pod template.
 * The injector itself warns about the metadata of Pods and namespaces.
 */
final class RequestFindings {

    /** Fields that contain label selectors, not labels. */
    private static final Set<String> SELECTORS =
            Set.of("selector", "matchLabels", "matchExpressions", "nodeSelector", "namespaceSelector", "podSelector");

    private static final String ANNOTATIONS = "annotations";

    /** The groups of Kubernetes itself with a dot in their name. Groups of custom resources, such as jobset.x-k8s.io, may end like them. */
    private static final Pattern KUBERNETES_GROUP = Pattern.compile(
            "(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events"
                    + "|flowcontrol\\.apiserver|internal\\.apiserver|metrics|networking|node|rbac\\.authorization|resource|scheduling|storage"
                    + "|storagemigration)\\.k8s\\.io");

    /** Deeper than the metadata of any manifest; the input may be deeper. */
    private static final int DEEPEST = 30;

    private final Catalog catalog;
    private final PlacedObject object;
    private final JsonNode tree;
    private final List<List<String>> templates;
    private final Set<String> findings = new LinkedHashSet<>();

    private RequestFindings(Catalog catalog, PlacedObject object, List<List<String>> templates) {
        this.catalog = catalog;
        this.object = object;
        this.tree = object.tree();
        this.templates = templates;
    }

    /** One sentence for each, with the title of the object. */
    static List<String> in(Manifest manifest, Catalog catalog) {
        List<String> all = new ArrayList<>();
        List<PlacedWorkload> workloads = manifest.workloads();
        for (PlacedObject object : manifest.objects()) {
            List<List<String>> templates = workloads.stream()
                    .filter(workload -> workload.pointer().equals(object.pointer()))
                    .map(workload -> workload.workload().podPath())
                    .toList();
            String title = title(object);
            RequestFindings findings = new RequestFindings(catalog, object, templates);
            findings.search();
            findings.searchNamespace();
            findings.findings.forEach(finding -> all.add(title + ": " + finding));
        }
        return all;
    }

    /** Each Pod of the namespace gets the same warning, but the input may contain no Pod. */
    private void searchNamespace() {
        if (object.kind().equals("Namespace") && object.apiVersion().equals("v1")) {
            try {
                MisplacedRequests.of(Namespace.of(tree), catalog)
                        .forEach(reason -> findings.add(Printable.oneLine(reason.message())));
            } catch (MalformedPodException e) {
                throw new IllegalStateException("namespaces have been read before", e);
            }
        }
    }

    private static String title(PlacedObject object) {
        String name = object.tree().path("metadata").path("name").asText("(no name)");
        return Printable.oneLine(object.kind() + "/" + name);
    }

    private void search() {
        boolean other = object.apiVersion().startsWith("pillion.dev/")
                || object.apiVersion().startsWith("admission.k8s.io/");
        if (!other && !object.kind().equals("CustomResourceDefinition")) {
            search(tree, List.of());
        }
    }

    private void search(JsonNode node, List<String> path) {
        if (path.size() > DEEPEST) {
            return;
        }
        if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                search(node.get(index), below(path, Integer.toString(index)));
            }
        } else if (node.isObject() && !isForTheInjector(path)) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (field.getValue().isContainerNode()) {
                    if (!SELECTORS.contains(field.getKey())) {
                        search(field.getValue(), below(path, field.getKey()));
                    }
                } else {
                    compare(field.getKey(), field.getValue().asText(), path);
                }
            }
        }
    }

    private boolean isForTheInjector(List<String> path) {
        boolean metadata = path.size() >= 2
                && path.get(path.size() - 2).equals("metadata")
                && (path.getLast().equals(ANNOTATIONS) || path.getLast().equals("labels"));
        if (!metadata) {
            return false;
        }
        List<String> owner = path.subList(0, path.size() - 2);
        boolean namespace = owner.isEmpty() && object.kind().equals("Namespace");
        return namespace || templates.contains(owner);
    }

    private void compare(String key, String value, List<String> path) {
        String last = path.isEmpty() ? "" : path.getLast();
        boolean metadata = last.equals(ANNOTATIONS) || last.equals("labels");
        Optional<IntendedRequest> request = IntendedRequest.of(key, value, catalog);
        if (request.isPresent() && (metadata || !request.get().misspelt()) && !isInEveryTemplate(key, value)) {
            findings.add(Printable.oneLine(sentence(key, request.get(), last, path)));
        }
    }

    /** Such an annotation has an effect: the templates may take it from another place of the manifest through an anchor. */
    private boolean isInEveryTemplate(String key, String value) {
        return !templates.isEmpty()
                && templates.stream().allMatch(template -> tree.at(
                                Pointer.of(template.toArray(String[]::new)).toString())
                        .path("metadata")
                        .path(ANNOTATIONS)
                        .path(key)
                        .asText()
                        .equals(value));
    }

    private String sentence(String key, IntendedRequest request, String last, List<String> path) {
        String what = (last.equals("labels") ? "label " : "annotation ") + key + " at " + shown(path);
        String meant = request.misspelt() ? request.annotation() + " " : "";
        if (!templates.isEmpty()) {
            String there = templates.stream()
                    .map(template -> shown(below(below(template, "metadata"), ANNOTATIONS)))
                    .collect(Collectors.joining(" or "));
            return what + " has no effect; write " + (meant.isEmpty() ? "it" : meant.strip()) + " at " + there;
        }
        JsonNode reference = tree.path("spec").path("workloadRef");
        if (reference.isObject()) {
            return what + " has no effect; write it at spec.template.metadata.annotations of "
                    + reference.path("kind").asText() + "/"
                    + reference.path("name").asText() + ", which spec.workloadRef names";
        }
        String apiVersion = object.apiVersion();
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        String kind = object.kind();
        if (!group.contains(".") || KUBERNETES_GROUP.matcher(group).matches()) {
            return what + " has no effect: a " + kind
                    + " has no Pod template; write it at metadata.annotations of a Pod" + " or its template";
        }
        return what + " is not understood: Pillion finds no Pod template in kind " + kind + " (" + apiVersion
                + "), so nothing is injected into the manifest; if its controller copies the annotation to its Pods, the"
                + " webhook injects them in the cluster";
    }

    private static String shown(List<String> path) {
        StringBuilder shown = new StringBuilder();
        for (String step : path) {
            if (step.matches("[0-9]+")) {
                shown.append('[').append(step).append(']');
            } else {
                shown.append(shown.isEmpty() ? "" : ".").append(step);
            }
        }
        return shown.toString();
    }

    private static List<String> below(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }
}
