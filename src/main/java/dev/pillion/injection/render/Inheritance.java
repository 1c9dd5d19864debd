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
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Gives companions what they take from the app's container: what their profile says that they inherit, and the variables that a mount of
 * the app's needs that their profile copies. The container is the one that the app has at last, so a migration has the variables and
 * directories that other profiles give the app.
 *
 * @param app as it is with all additions
 * @param budget of all profiles for the Pod
 */
record Inheritance(Container app, ResultBudget budget) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Whether a companion takes anything. */
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

    void giveTo(RenderedProfile profile) throws DeniedException {
        for (Companion companion : profile.companions()) {
            for (Inherited inherited : companion.template().inherited()) {
                give(inherited, companion);
            }
            giveVariablesOfMounts(companion);
        }
    }

    private void give(Inherited inherited, Companion companion) throws DeniedException {
        JsonNode value = app.tree().path(inherited.field());
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        budget.add(value, companion.chosen().request());
        ObjectNode tree = companion.tree();
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

    /** What the profile sets itself stands; the app's comes first, so that the profile's may refer to it. */
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
                // It keeps its place before those of the app's that refer to it.
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

    /** What two elements must not have in common in one container; empty where they may. */
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

    /** Kubernetes refuses a Pod in which a container that is not privileged has it (validation.go, validateMountPropagation). */
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
     * A mount that a profile copies from the app keeps its {@code subPathExpr}, in which the expression doubled each dollar sign, and the
     * companion gets the variables that the kubelet expands it with. A mount of a shared directory has them already.
     */
    private void giveVariablesOfMounts(Companion companion) throws DeniedException {
        Set<Inherited> inherited = companion.template().inherited();
        for (JsonNode mount : companion.tree().path("volumeMounts")) {
            String expression = mount.path("subPathExpr").asText("");
            if (expression.indexOf('$') < 0) {
                continue;
            }
            for (VolumeMount ofApp : app.volumeMounts()) {
                String own = ofApp.tree().path("subPathExpr").asText("");
                boolean copied = expression.equals(own.replace("$", "$$"))
                        || (expression.equals(own) && inherited.contains(Inherited.VOLUME_MOUNTS));
                if (copied && VolumeMount.of(mount).isAtTheSamePlaceAs(ofApp)) {
                    giveVariables(companion, (ObjectNode) mount, ofApp);
                    break;
                }
            }
        }
    }

    private void giveVariables(Companion companion, ObjectNode mount, VolumeMount ofApp) throws DeniedException {
        ProfileRequest request = companion.chosen().request();
        mount.set("subPathExpr", ofApp.tree().path("subPathExpr"));
        boolean hasVariables = companion.template().inherited().contains(Inherited.ENV);
        if (!companion.chosen().enforced() || hasVariables) {
            SubPathReferences references = SubPathReferences.of(request, app, ofApp.tree());
            budget.addVariables(references.asList(), 1, request);
            references.bringTo(companion.tree());
            return;
        }
        SubPathReferences references = SubPathReferences.exactlyOf(request, app, ofApp.tree());
        PrivateReferences renamed = PrivateReferences.of(mount.deepCopy(), references.variables());
        SubPathReferences underOwnNames = new SubPathReferences(request, ofApp.mountPath(), renamed.variables());
        budget.addVariables(underOwnNames.asList(), 1, request);
        underOwnNames.bringTo(companion.tree());
        mount.set("subPathExpr", renamed.mount().path("subPathExpr"));
    }
}
