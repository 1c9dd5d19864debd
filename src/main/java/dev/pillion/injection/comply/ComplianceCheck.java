package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Variables;
import dev.pillion.injection.apply.PodEdit;
import dev.pillion.injection.apply.PodSpecEdits;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.compare.KubernetesAdditions;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.render.SharedDirectories;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.Requests;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Container;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.PodLevelResources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Checks a Pod in its final state against what policies enforce: each companion runs what its profile says, and the app has what the profile
 * gives it. The status annotation is ignored, since the Pod's creator can write it. The cost is linear in the Pod.
 */
public final class ComplianceCheck {

    private static final FieldComparison VOLUMES = new FieldComparison(KubernetesAdditions.OF_VOLUME);

    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

    private final Pod pod;
    private final RenderedPlan prepared;
    private final EffectivePolicies rulings;
    private final InjectionSettings settings;
    private final SharedDirectories directories;
    private final ContainerComparison comparison;
    private final Map<String, Container> containers = new HashMap<>();
    private final Set<String> doubles = new HashSet<>();
    private final List<Reason> findings = new ArrayList<>();

    private ComplianceCheck(Pod pod, RenderedPlan prepared, EffectivePolicies rulings, InjectionSettings settings) {
        this.pod = pod;
        this.prepared = prepared;
        this.rulings = rulings;
        this.settings = settings;
        this.directories = prepared.directories();
        this.comparison = new ContainerComparison(pod, settings);
        pod.allContainers().forEach(container -> {
            if (containers.putIfAbsent(container.name(), container) != null) {
                doubles.add("container " + container.name());
            }
        });
        Set<String> volumes = new HashSet<>();
        for (JsonNode volume : pod.spec("volumes")) {
            if (!volumes.add(volume.path("name").asText())) {
                doubles.add("volume " + volume.path("name").asText());
            }
        }
    }

    /** What is wrong with the Pod, a sentence for each finding, with the policy that enforces the profile. */
    public static List<Reason> findings(
            Pod pod,
            Namespace namespace,
            Catalog catalog,
            EffectivePolicies rulings,
            InjectionSettings settings,
            Variables variables) {
        Map<String, Policy> enforced = rulings.given(Mode.ENFORCE);
        if (enforced.isEmpty()) {
            return List.of();
        }
        try {
            Requests requests = Requests.read(pod, namespace, catalog, rulings);
            List<Profile> others = requests.requested().stream()
                    .filter(request -> !enforced.containsKey(request.profile()))
                    .flatMap(request -> catalog.profile(request.profile()).stream())
                    .toList();
            Set<String> sidecars = others.isEmpty() || settings.nativeSidecars()
                    ? Set.of()
                    : otherSidecars(pod, requests, catalog, rulings, settings, variables);
            RenderedPlan prepared = RenderedPlan.of(
                            pod,
                            Status.empty(),
                            requests.only(enforced.keySet()),
                            rulings.strictly(),
                            catalog,
                            settings.withKnownSidecars(settings.knownSidecars().withVerified(sidecars)),
                            variables)
                    .inherit(UnaryOperator.identity());
            return new ComplianceCheck(pod, prepared, rulings, settings).check(others);
        } catch (DeniedException denial) {
            return denial.mistakes();
        }
    }

    /**
     * The plain sidecars of profiles that are not enforced: they stand among the app's containers and are none of them. A name is not enough,
     * since the app could bear it.
     */
    private static Set<String> otherSidecars(
            Pod pod,
            Requests requests,
            Catalog catalog,
            EffectivePolicies rulings,
            InjectionSettings settings,
            Variables variables) {
        Set<String> names = new HashSet<>();
        try {
            RenderedPlan all = RenderedPlan.of(pod, Status.empty(), requests, rulings, catalog, settings, variables)
                    .inherit(UnaryOperator.identity());
            Map<String, JsonNode> containers = new HashMap<>();
            pod.containers().forEach(container -> containers.put(container.name(), container.tree()));
            for (RenderedProfile each : all.rendered()) {
                for (Companion companion : each.companions()) {
                    JsonNode present = containers.getOrDefault(companion.name(), MissingNode.getInstance());
                    if (companion.template().isSidecar() && settings.presence().holds(companion.tree(), present)) {
                        names.add(companion.name());
                    }
                }
            }
        } catch (DeniedException denial) {
            // Whatever is wrong with the others is for the mutating webhook to say.
            return Set.of();
        }
        return names;
    }

    private List<Reason> check(List<Profile> others) {
        AppComparison app = new AppComparison(pod, prepared, directories, settings.knownSidecars());
        for (RenderedProfile each : prepared.rendered()) {
            each.companions().forEach(companion -> check(each, companion));
            each.volumes().forEach(volume -> check(each, volume));
            each.shares().forEach(share -> check(each, share));
            each.files().forEach((annotation, content) -> check(each, annotation, content));
            app.findings(each, keepAppValues(each.profile()))
                    .forEach(finding -> add(each, finding.code(), finding.message()));
        }
        checkSpec();
        List<Companion> companions = prepared.rendered().stream()
                .flatMap(each -> each.companions().stream())
                .toList();
        if (!companions.isEmpty()) {
            checkPod(others, companions);
        }
        return findings;
    }

    /** Whatever would still have to be added to the spec is missing. */
    private void checkSpec() {
        new PodSpecEdits(new PodEdit(pod, Status.empty(), settings.presence()))
                .add(prepared.rendered(), new PodSpecEdits.Outcomes() {
                    @Override
                    public void added(Chosen chosen, String addition) {
                        add(chosen.profile(), ReasonCode.COMPANION_MISSING, "the Pod lacks " + addition);
                    }

                    @Override
                    public void kept(Chosen chosen, String what, boolean ofPod) {
                        if (ofPod && !keepAppValues(chosen.profile())) {
                            add(chosen.profile(), ReasonCode.COMPANION_CHANGED, what);
                        }
                    }
                });
    }

    private boolean keepAppValues(Profile profile) {
        return rulings.enforcing(profile.name())
                .filter(enforcement -> enforcement.allowances().keepAppValues())
                .isPresent();
    }

    private void check(RenderedProfile each, Companion companion) {
        String name = "container " + companion.name();
        Container present = containers.get(companion.name());
        if (present == null) {
            add(each, ReasonCode.COMPANION_MISSING, "the Pod lacks " + name);
            return;
        }
        if (doubles.contains(name)) {
            add(each, ReasonCode.COMPANION_CHANGED, "the Pod has " + name + " twice");
        }
        if (present.list() != companion.list(companion.tree().has("restartPolicy"))) {
            add(each, ReasonCode.COMPANION_CHANGED, name + " is not in the list that starts it as the profile says");
            return;
        }
        comparison
                .difference(
                        withAcceptedResources(
                                companion, withoutLaterInheritance(each, companion, present.tree()), present.tree()),
                        present.tree())
                .ifPresent(difference ->
                        add(each, ReasonCode.COMPANION_CHANGED, name + " is not as the profile has it: " + difference));
        String appArmor = pod.annotations().getOrDefault(APP_ARMOR + companion.name(), "runtime/default");
        if (!appArmor.equals("runtime/default")
                && !companion.tree().path("securityContext").has("appArmorProfile")) {
            add(
                    each,
                    ReasonCode.COMPANION_CHANGED,
                    "annotation " + APP_ARMOR + companion.name() + " changes its AppArmor profile");
        }
    }

    private ObjectNode withAcceptedResources(Companion companion, ObjectNode wanted, JsonNode present) {
        JsonNode profiles = prepared.profileResources().get(companion.name());
        if (profiles == null) {
            return wanted;
        }
        ObjectNode resources =
                PodLevelResources.accepting(profiles, wanted.path("resources"), present.path("resources"));
        ObjectNode copy = wanted.objectNode().setAll(wanted);
        return resources.isEmpty() ? copy : copy.set("resources", resources);
    }

    /**
     * What a companion inherits of the app's environment and mounts is the app's own: what the app got after the companion was made, as from
     * another webhook, the companion need not have.
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

    /** Texts have an order, so a set of many with the same hash is fast too; trees have none. */
    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(element -> texts.add(element.toString()));
        return texts;
    }

    private void check(RenderedProfile each, JsonNode volume) {
        String name = volume.path("name").asText();
        JsonNode present = pod.volumes().getOrDefault(name, MissingNode.getInstance());
        if (present.isMissingNode()) {
            add(each, ReasonCode.COMPANION_MISSING, "the Pod lacks volume " + name);
        } else if (doubles.contains("volume " + name)) {
            add(each, ReasonCode.COMPANION_CHANGED, "the Pod has volume " + name + " twice");
        } else {
            VOLUMES.difference("", volume, present)
                    .ifPresent(difference -> add(
                            each,
                            ReasonCode.COMPANION_CHANGED,
                            "volume " + name + " is not as the profile has it: " + difference));
        }
    }

    /** A volume of the app's own is shared as it is; one that bears the name of the profile's is the profile's. */
    private void check(RenderedProfile each, Share share) {
        if (directories.volumeOf(share).equals(share.volume())) {
            ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", share.volume());
            volume.set("emptyDir", share.emptyDir());
            check(each, volume);
        }
    }

    private void check(RenderedProfile each, String annotation, String content) {
        if (!content.equals(pod.annotations().get(annotation))) {
            add(
                    each,
                    ReasonCode.COMPANION_CHANGED,
                    "annotation " + annotation + " is not the content of the companion's file as the profile has it");
        }
    }

    private void checkPod(List<Profile> others, List<Companion> companions) {
        new StartOrder(others, settings)
                .misplaced(pod, companions)
                .ifPresent(misplaced -> add(
                        misplaced.companion().profile(),
                        ReasonCode.COMPANION_CHANGED,
                        "container " + misplaced.companion().name() + " " + misplaced.message()));
        Profile first = companions.getFirst().profile();
        PodFields.findings(
                        pod,
                        settings.tolerated().podFields(),
                        prepared.profileResources(),
                        this::texts,
                        prepared.rendered())
                .forEach(finding -> add(first, ReasonCode.COMPANION_CHANGED, finding));
    }

    /** All that is written in the companions and their files, but for the image: the kubelet does not use the Pod's own names. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (RenderedProfile each : prepared.rendered()) {
            each.companions()
                    .forEach(companion -> texts.add(
                            companion.tree().deepCopy().without("image").toString()));
            texts.addAll(each.files().values());
        }
        return texts;
    }

    private void add(RenderedProfile each, ReasonCode code, String what) {
        add(each.profile(), code, what);
    }

    private void add(Profile profile, ReasonCode code, String what) {
        String policy = rulings.enforcing(profile.name())
                .map(enforcement -> enforcement.policy().name())
                .orElseThrow();
        findings.add(new Reason(code, "policy '" + policy + "' enforces '" + profile.name() + "', and " + what));
    }
}
