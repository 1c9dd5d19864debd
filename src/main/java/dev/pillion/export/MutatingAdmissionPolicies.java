package dev.pillion.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.settings.InjectionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Exports a policy as {@code MutatingAdmissionPolicy} objects with their bindings (admissionregistration.k8s.io/v1, from Kubernetes 1.36). Each
 * profile gets its own object, because each has its own guards.
 */
public final class MutatingAdmissionPolicies {

    private static final String API_VERSION = "admissionregistration.k8s.io/v1";

    private final Catalog catalog;
    private final InjectionSettings settings;

    public MutatingAdmissionPolicies(Catalog catalog, InjectionSettings settings) {
        this.catalog = catalog;
        this.settings = settings;
    }

    /** @throws NotExpressibleException with all reasons, if the policy cannot be exported */
    public Exported of(Policy policy) throws NotExpressibleException {
        List<String> blockers = new ArrayList<>();
        ExportBlockers.of(policy).forEach(each -> blockers.add("policy " + policy.name() + ", " + each));
        for (Grant grant : policy.grants()) {
            blockers.addAll(ExportBlockers.of(policy, grant, profile(grant)));
        }
        if (!blockers.isEmpty()) {
            throw new NotExpressibleException(blockers);
        }
        List<JsonNode> manifests = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        for (Grant grant : policy.grants()) {
            Sample sample = Sample.of(policy, grant, profile(grant), settings);
            String name = "pillion-" + policy.name() + "-" + grant.name();
            manifests.add(mutatingPolicy(name, policy, sample));
            manifests.add(binding(name, policy));
            Differences.of(policy, sample).stream()
                    .filter(difference -> !differences.contains(difference))
                    .forEach(differences::add);
        }
        return new Exported(manifests, differences);
    }

    private Profile profile(Grant grant) {
        return catalog.profile(grant.name())
                .orElseThrow(() -> new IllegalStateException("a catalog has the profiles of its policies"));
    }

    private ObjectNode mutatingPolicy(String name, Policy policy, Sample sample) throws NotExpressibleException {
        ObjectNode manifest = manifest("MutatingAdmissionPolicy", name);
        ObjectNode spec = manifest.putObject("spec")
                // As in Pillion, no Pod escapes an enforced policy because a condition fails.
                .put("failurePolicy", policy.mode() == Mode.ENFORCE ? "Fail" : "Ignore")
                .put("reinvocationPolicy", "IfNeeded");
        ObjectNode rule =
                spec.putObject("matchConstraints").putArray("resourceRules").addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("apiVersions").add("v1");
        rule.putArray("operations").add("CREATE");
        rule.putArray("resources").add("pods");
        Conditions conditions = new Conditions(policy, sample);
        ArrayNode list = spec.putArray("matchConditions");
        conditions
                .withoutNamespace()
                .forEach((key, expression) -> list.addObject().put("name", key).put("expression", expression));
        ArrayNode variables = spec.putArray("variables");
        SidecarFilter sidecars = new SidecarFilter(settings.knownSidecars(), policy.mode() == Mode.ENFORCE);
        variables.addObject().put("name", "sidecars").put("expression", sidecars.patterns());
        variables
                .addObject()
                .put("name", "apps")
                .put(
                        "expression",
                        "object.spec.containers.filter(c, !(" + sidecars.condition("variables.sidecars") + "))");
        Optional<String> namespaceCondition = conditions.withNamespace();
        namespaceCondition.ifPresent(
                expression -> variables.addObject().put("name", "applies").put("expression", expression));
        spec.putArray("mutations")
                .addObject()
                .put("patchType", "JSONPatch")
                .putObject("jsonPatch")
                .put(
                        "expression",
                        namespaceCondition.isEmpty()
                                ? mutation(sample)
                                : "!variables.applies ? [] :\n" + mutation(sample));
        return manifest;
    }

    private static String mutation(Sample sample) {
        JsonPatchExpression patch = new JsonPatchExpression("variables.apps");
        sample.volumes().forEach(volume -> patch.addNamed("volumes", volume, false));
        sample.appVolumeMounts().forEach(mount -> patch.addToApps("volumeMounts", "mountPath", mount));
        sample.appEnv().forEach(variable -> patch.addToApps("env", "name", variable));
        sample.appEnvFrom().forEach(source -> patch.addToApps("envFrom", "", source));
        sample.before().reversed().forEach(container -> patch.addNamed("initContainers", container, true));
        sample.after().forEach(container -> patch.addNamed("initContainers", container, false));
        sample.imagePullSecrets().forEach(secret -> patch.addNamed("imagePullSecrets", secret, false));
        sample.labels().forEach((key, value) -> patch.addMetadata("labels", key, value));
        sample.annotations().forEach((key, value) -> patch.addMetadata("annotations", key, value));
        if (!sample.containers().isEmpty()) {
            patch.nameDefaultContainer(Annotations.DEFAULT_CONTAINER);
        }
        if (!sample.emptyDirs().isEmpty()) {
            patch.appendToAnnotation(Annotations.SAFE_TO_EVICT, sample.emptyDirs());
        }
        return patch.text();
    }

    private ObjectNode binding(String name, Policy policy) {
        ObjectNode manifest = manifest("MutatingAdmissionPolicyBinding", name);
        ObjectNode spec = manifest.putObject("spec").put("policyName", name);
        ObjectNode resources = spec.putObject("matchResources");
        ObjectNode namespaces = Selectors.toJson(policy.namespaces());
        ObjectNode excluded = namespaces
                .withArray("matchExpressions")
                .addObject()
                .put("key", "kubernetes.io/metadata.name")
                .put("operator", "NotIn");
        new TreeSet<>(settings.excludedNamespaces()).forEach(excluded.putArray("values")::add);
        resources.set("namespaceSelector", namespaces);
        resources.set("objectSelector", Selectors.toJson(policy.pods()));
        return manifest;
    }

    private static ObjectNode manifest(String kind, String name) {
        ObjectNode manifest = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", API_VERSION)
                .put("kind", kind);
        manifest.putObject("metadata").put("name", name);
        return manifest;
    }
}
