package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.pod.Container;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives companions what they inherit from the app's container, and the variables that a copied mount of the app needs. The container already
 * has all additions, so a migration has the variables and directories that other profiles give to the app.
 *
 * @param app with all additions
 * @param budget of all profiles for the Pod
 */
record Inheritance(Container app, ResultBudget budget) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Whether a companion inherits anything or needs variables for a mount. */
    static boolean isNeededBy(RenderedProfile profile) {
        for (Companion companion : profile.companions()) {
            if (!companion.template().inherited().isEmpty()) {
                return true;
            }
            for (JsonNode mount : companion.tree().path("volumeMounts")) {
                if (mount.has("subPathExpr")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The profile with companions that have what they inherit. */
    RenderedProfile addTo(RenderedProfile profile) throws DeniedException {
        List<Companion> companions = new ArrayList<>();
        for (Companion companion : profile.companions()) {
            ObjectNode tree = ContainerTree.copyOf(companion.tree()).tree();
            for (Inherited inherited : companion.template().inherited()) {
                add(inherited, companion, tree);
            }
            addVariablesOfMounts(companion, tree);
            companions.add(companion.with(tree));
        }
        return profile.with(companions);
    }

    private void add(Inherited inherited, Companion companion, ObjectNode tree) throws DeniedException {
        JsonNode value = app.tree().path(inherited.field());
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        budget.add(value, companion.chosen().request());
        if (inherited == Inherited.IMAGE) {
            tree.set(inherited.field(), value);
            return;
        }
        if (inherited == Inherited.VOLUME_MOUNTS
                && !tree.at("/securityContext/privileged").asBoolean()) {
            value = withoutBidirectionalPropagation(value);
        }
        JsonNode own = tree.path(inherited.field());
        tree.set(inherited.field(), own.isArray() ? joined(inherited, value, own) : value.deepCopy());
    }

    /** The profile's own elements take precedence. The app's come first, so that the profile's variables can refer to them. */
    private static ArrayNode joined(Inherited inherited, JsonNode ofApp, JsonNode own) {
        Map<String, JsonNode> owned = new HashMap<>();
        own.forEach(element -> owned.put(key(inherited, element), element));
        owned.remove("");
        ArrayNode joined = JSON.arrayNode();
        ofApp.forEach(element -> {
            JsonNode other = owned.get(key(inherited, element));
            if (other == null) {
                joined.add(element.deepCopy());
            } else if (other.equals(element)) {
                // It stays before the app's elements that refer to it.
                joined.add(element.deepCopy());
                owned.remove(key(inherited, element));
            }
        });
        own.forEach(element -> {
            if (key(inherited, element).isEmpty() || owned.containsKey(key(inherited, element))) {
                joined.add(element);
            }
        });
        return joined;
    }

    /** The key that only one element of the list can have; empty if the list has no such key. */
    private static String key(Inherited inherited, JsonNode element) {
        return switch (inherited) {
            case VOLUME_MOUNTS ->
                VolumeMount.directory(element.path("mountPath").asText());
            case VOLUME_DEVICES ->
                VolumeMount.directory(element.path("devicePath").asText());
            case ENV -> element.path("name").asText();
            case IMAGE, ENV_FROM -> "";
        };
    }

    /** Kubernetes rejects it in a container that is not privileged (validation.go, validateMountPropagation). */
    private static JsonNode withoutBidirectionalPropagation(JsonNode mounts) {
        JsonNode copy = mounts.deepCopy();
        for (JsonNode mount : copy) {
            if (mount.path("mountPropagation").asText().equals("Bidirectional")) {
                ((ObjectNode) mount).remove("mountPropagation");
            }
        }
        return copy;
    }

    /**
     * If a profile copies a mount of the app with a {@code subPathExpr}, the companion gets the variables with which the kubelet expands it.
     * An expression has doubled each dollar sign, which is undone here. Mounts of shared directories already have their variables.
     */
    private void addVariablesOfMounts(Companion companion, ObjectNode tree) throws DeniedException {
        Set<Inherited> inherited = companion.template().inherited();
        for (JsonNode mount : tree.path("volumeMounts")) {
            String expression = mount.path("subPathExpr").asText("");
            if (expression.indexOf('$') < 0) {
                continue;
            }
            for (VolumeMount ofApp : app.volumeMounts()) {
                String own = ofApp.tree().path("subPathExpr").asText("");
                boolean copied = expression.equals(own.replace("$", "$$"))
                        || (expression.equals(own) && inherited.contains(Inherited.VOLUME_MOUNTS));
                if (copied && VolumeMount.of(mount).isAtTheSamePlaceAs(ofApp)) {
                    addVariables(companion, tree, (ObjectNode) mount, ofApp);
                    break;
                }
            }
        }
    }

    private void addVariables(Companion companion, ObjectNode tree, ObjectNode mount, VolumeMount ofApp)
            throws DeniedException {
        ProfileRequest request = companion.chosen().request();
        mount.set("subPathExpr", ofApp.tree().path("subPathExpr"));
        boolean hasVariables = companion.template().inherited().contains(Inherited.ENV);
        if (!companion.chosen().enforced() || hasVariables) {
            SubPathReferences references = SubPathReferences.of(request, app, ofApp.tree());
            budget.addVariables(references.asList(), 1, request);
            references.addTo(tree);
            return;
        }
        SubPathReferences references = SubPathReferences.exactlyOf(request, app, ofApp.tree());
        PrivateReferences renamed = PrivateReferences.of(mount.deepCopy(), references.variables());
        SubPathReferences underOwnNames = new SubPathReferences(request, ofApp.mountPath(), renamed.variables());
        budget.addVariables(underOwnNames.asList(), 1, request);
        underOwnNames.addTo(tree);
        mount.set("subPathExpr", renamed.mount().path("subPathExpr"));
    }
}
