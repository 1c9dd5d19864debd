package dev.pillion.injection.comply;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Variables;
import dev.pillion.injection.apply.PodEdit;
import dev.pillion.injection.apply.PodSpecEdits;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.Requests;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Checks a Pod in its final state against what policies enforce: each companion runs what its profile says, and the app has the additions of
 * the profile. The status annotation is ignored, since the Pod's creator can write it. The cost is linear in the Pod.
 */
public final class ComplianceCheck {

    private final Pod pod;
    private final RenderedPlan plan;
    private final InjectionSettings settings;
    private final ComplianceFindings findings;

    private ComplianceCheck(Pod pod, RenderedPlan plan, EffectivePolicies policies, InjectionSettings settings) {
        this.pod = pod;
        this.plan = plan;
        this.settings = settings;
        this.findings = new ComplianceFindings(policies);
    }

    /** The differences, one sentence each, with the policy that enforces the profile; empty when the Pod complies. */
    public static List<Reason> findings(
            Pod pod,
            Namespace namespace,
            Catalog catalog,
            EffectivePolicies policies,
            InjectionSettings settings,
            Variables variables) {
        Map<String, Policy> enforced = policies.given(Mode.ENFORCE);
        if (enforced.isEmpty()) {
            return List.of();
        }
        try {
            Requests requests = Requests.read(pod, namespace, catalog, policies);
            List<Profile> others = requests.requested().stream()
                    .filter(request -> !enforced.containsKey(request.profile()))
                    .flatMap(request -> catalog.profile(request.profile()).stream())
                    .toList();
            Set<String> sidecars = others.isEmpty() || settings.nativeSidecars()
                    ? Set.of()
                    : OtherSidecars.names(pod, requests, catalog, policies, settings, variables);
            RenderedPlan plan = RenderedPlan.of(
                            pod,
                            Status.empty(),
                            requests.only(enforced.keySet()),
                            policies.strictly(),
                            catalog,
                            settings.withKnownSidecars(settings.knownSidecars().withVerified(sidecars)),
                            variables)
                    .inherit(UnaryOperator.identity());
            return new ComplianceCheck(pod, plan, policies, settings).check(others);
        } catch (DeniedException denial) {
            return denial.mistakes();
        }
    }

    private List<Reason> check(List<Profile> others) {
        AppComparison app = new AppComparison(pod, plan, settings.knownSidecars());
        CompanionCheck companionCheck = new CompanionCheck(pod, plan, settings, findings);
        VolumeCheck volumeCheck = new VolumeCheck(pod, plan.directories(), findings);
        for (RenderedProfile each : plan.rendered()) {
            each.companions().forEach(companion -> companionCheck.check(each, companion));
            each.volumes().forEach(volume -> volumeCheck.check(each, volume));
            each.shares().forEach(share -> volumeCheck.check(each, share));
            each.files().forEach((annotation, content) -> check(each, annotation, content));
            app.findings(each, findings.keepsAppValues(each.profile()))
                    .forEach(finding -> findings.add(each.profile(), finding.code(), finding.message()));
        }
        checkSpec();
        List<Companion> companions = plan.rendered().stream()
                .flatMap(each -> each.companions().stream())
                .toList();
        if (!companions.isEmpty()) {
            checkPod(others, companions);
        }
        return findings.asList();
    }

    /** An addition to the spec that an injection would still make is missing. */
    private void checkSpec() {
        new PodSpecEdits(new PodEdit(pod, Status.empty(), settings.matcher()))
                .add(plan.rendered(), new PodSpecEdits.Outcomes() {
                    @Override
                    public void added(Chosen chosen, String addition) {
                        findings.missing(chosen.profile(), addition);
                    }

                    @Override
                    public void kept(Chosen chosen, String sentence, boolean ofPod) {
                        if (ofPod && !findings.keepsAppValues(chosen.profile())) {
                            findings.changed(chosen.profile(), sentence);
                        }
                    }
                });
    }

    private void check(RenderedProfile each, String annotation, String content) {
        if (!content.equals(pod.annotations().get(annotation))) {
            findings.changed(
                    each.profile(),
                    "annotation " + annotation + " differs from the content of the companion's file in the profile");
        }
    }

    private void checkPod(List<Profile> others, List<Companion> companions) {
        new StartOrder(others, settings)
                .misplaced(pod, companions)
                .ifPresent(misplaced -> findings.changed(
                        misplaced.companion().profile(),
                        "container " + misplaced.companion().name() + " " + misplaced.message()));
        Profile first = companions.getFirst().profile();
        new PodFieldsCheck(pod, settings.tolerated().podFields(), plan.rendered())
                .findings(plan.profileResources(), this::texts)
                .forEach(finding -> findings.changed(first, finding));
    }

    /** All texts of the companions and their files. The image is left out, since the kubelet pulls it and does not use the Pod's host names. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (RenderedProfile each : plan.rendered()) {
            each.companions()
                    .forEach(companion -> texts.add(
                            companion.tree().deepCopy().without("image").toString()));
            texts.addAll(each.files().values());
        }
        return texts;
    }
}
