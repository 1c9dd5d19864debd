package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.PodLevelResources;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks that each companion of an enforced profile is in the Pod and runs what the profile says. */
final class CompanionCheck {

    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

    private final Pod pod;
    private final RenderedPlan plan;
    private final ComplianceFindings findings;
    private final ContainerComparison comparison;
    private final Map<String, Container> containers = new HashMap<>();
    private final Set<String> duplicates = new HashSet<>();

    CompanionCheck(Pod pod, RenderedPlan plan, InjectionSettings settings, ComplianceFindings findings) {
        this.pod = pod;
        this.plan = plan;
        this.findings = findings;
        this.comparison = new ContainerComparison(pod, settings);
        pod.allContainers().forEach(container -> {
            if (containers.putIfAbsent(container.name(), container) != null) {
                duplicates.add("container " + container.name());
            }
        });
    }

    void check(RenderedProfile each, Companion companion) {
        String name = "container " + companion.name();
        Container present = containers.get(companion.name());
        if (present == null) {
            findings.missing(each.profile(), name);
            return;
        }
        if (duplicates.contains(name)) {
            findings.changed(each.profile(), "the Pod has " + name + " twice");
        }
        ContainerList expected = companion.list(companion.tree().has("restartPolicy"));
        if (present.list() != expected) {
            findings.changed(
                    each.profile(),
                    name + " is in " + present.list().field() + ", and the profile has it in " + expected.field());
            return;
        }
        comparison
                .difference(
                        withAcceptedResources(
                                companion, withoutLaterInheritance(each, companion, present.tree()), present.tree()),
                        present.tree())
                .ifPresent(difference ->
                        findings.changed(each.profile(), name + " differs from the profile: " + difference));
        String appArmor = pod.annotations().getOrDefault(APP_ARMOR + companion.name(), "runtime/default");
        if (!appArmor.equals("runtime/default")
                && !companion.tree().path("securityContext").has("appArmorProfile")) {
            findings.changed(
                    each.profile(), "annotation " + APP_ARMOR + companion.name() + " changes its AppArmor profile");
        }
    }

    private ObjectNode withAcceptedResources(Companion companion, ObjectNode wanted, JsonNode present) {
        JsonNode profiles = plan.profileResources().get(companion.name());
        if (profiles == null) {
            return wanted;
        }
        ObjectNode resources =
                PodLevelResources.accepting(profiles, wanted.path("resources"), present.path("resources"));
        ObjectNode copy = wanted.objectNode().setAll(wanted);
        return resources.isEmpty() ? copy : copy.set("resources", resources);
    }

    /**
     * The companion as rendered, without elements that the app got after the companion had inherited from it, for example from another
     * webhook.
     */
    private ObjectNode withoutLaterInheritance(RenderedProfile each, Companion companion, JsonNode present) {
        ObjectNode wanted = companion.tree();
        for (Inherited inherited : companion.template().inherited()) {
            if (inherited == Inherited.IMAGE || !wanted.path(inherited.field()).isArray()) {
                continue;
            }
            String field = inherited.field();
            Set<String> ofApp = each.targets().stream()
                    .findFirst()
                    .map(target -> texts(target.tree().path(field)))
                    .orElse(Set.of());
            Set<String> there = texts(present.path(field));
            var kept = JsonNodeFactory.instance.arrayNode();
            for (JsonNode element : wanted.path(field)) {
                String text = element.toString();
                if (there.contains(text) || !ofApp.contains(text)) {
                    kept.add(element);
                }
            }
            wanted = wanted.objectNode().<ObjectNode>setAll(wanted);
            wanted.set(field, kept);
        }
        return wanted;
    }

    /** Strings are comparable, so a hash set of many with the same hash is fast. A set of trees is not. */
    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(element -> texts.add(element.toString()));
        return texts;
    }
}
