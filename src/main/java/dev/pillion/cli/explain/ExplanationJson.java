package dev.pillion.cli.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.cli.live.LiveWorkload;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.simulate.Outcome;
import dev.pillion.cli.simulate.SimulatedManifest;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.PolicyView;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Plan.SkippedProfile;
import dev.pillion.injection.plan.Plan.Start;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.select.GenerationPins.ChosenGeneration;
import java.util.List;
import java.util.Optional;

/**
 * Writes simulated decisions as JSON for other programs. docs/manifests.md describes the fields. Later versions may add fields; the meaning of
 * a field does not change.
 */
final class ExplanationJson {

    private ExplanationJson() {}

    /** @param live of each of the first manifests; empty if none is from a cluster */
    static ObjectNode of(List<SimulatedManifest> manifests, List<LivePods> live) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode workloads = root.putArray("workloads");
        ArrayNode findings = root.putArray("findings");
        for (int index = 0; index < manifests.size(); index++) {
            SimulatedManifest manifest = manifests.get(index);
            for (Outcome outcome : manifest.outcomes()) {
                ObjectNode workload = workloads.addObject();
                add(workload, outcome);
                if (index < live.size()) {
                    add(workload, live.get(index));
                }
            }
            manifest.findings().forEach(findings::add);
        }
        return root;
    }

    private static void add(ObjectNode node, Outcome outcome) {
        node.put("workload", outcome.workload().title());
        node.put("namespace", outcome.namespace());
        node.put("source", outcome.workload().manifest().source());
        Plan plan = outcome.decision().plan();
        node.put("decision", outcome.keyword());
        switch (outcome.decision()) {
            case Injected _ -> {}
            case Unchanged(Reason reason, var _) -> add(node.putObject("reason"), reason);
            case Denied(Reason reason, var _, List<Reason> mistakes, int others) -> {
                add(node.putObject("reason"), reason);
                add(node.putArray("mistakes"), mistakes);
                node.put("furtherMistakes", others);
            }
        }
        ArrayNode profiles = node.putArray("profiles");
        plan.profiles()
                .forEach(profile -> add(
                        profiles.addObject(),
                        profile,
                        Optional.ofNullable(
                                outcome.generations().get(profile.profile().name()))));
        ArrayNode skipped = node.putArray("skipped");
        plan.skipped().forEach(profile -> add(skipped.addObject(), profile));
        add(node.putArray("warnings"), outcome.furtherWarnings());
        ArrayNode policies = node.putArray("policies");
        outcome.policies().forEach(view -> add(policies.addObject(), view));
        ArrayNode audited = node.putArray("audited");
        plan.audited().forEach(each -> add(audited.addObject(), each));
        ArrayNode startOrder = node.putArray("startOrder");
        plan.startup().forEach(start -> add(startOrder.addObject(), start));
        node.set("patch", outcome.patch().toJson());
    }

    private static void add(ObjectNode node, LivePods live) {
        live.withoutTemplate().ifPresent(title -> node.put("withoutTemplate", title));
        node.put("namespaceExcluded", live.excludedNamespace().isPresent());
        ArrayNode pods = node.putArray("pods");
        for (LivePods.LivePod pod : live.pods()) {
            ObjectNode entry = pods.addObject().put("name", pod.name()).put("compared", pod.compared());
            pod.created().ifPresent(created -> entry.put("created", created.toString()));
            ArrayNode profiles = entry.putArray("profiles");
            pod.profiles()
                    .forEach((name, generation) ->
                            profiles.addObject().put("name", name).put("generation", generation));
            ArrayNode findings = entry.putArray("findings");
            pod.findings().forEach(finding -> {
                ObjectNode object = findings.addObject()
                        .put("kind", finding.kind().toString())
                        .put("profile", finding.profile())
                        .put("detail", finding.detail());
                finding.differences().forEach(object.putArray("differences")::add);
            });
            ArrayNode changes = entry.putArray("changes");
            pod.changes().forEach(change -> changes.addObject()
                    .put("addition", change.change().toString())
                    .put("manager", change.manager().orElse("")));
        }
        ArrayNode denials = node.putArray("denials");
        live.denials().forEach(event -> {
            ObjectNode entry =
                    denials.addObject().put("message", event.path("message").asText());
            LiveWorkload.time(event).ifPresent(time -> entry.put("time", time.toString()));
        });
    }

    private static void add(ObjectNode node, PlannedProfile planned, Optional<ChosenGeneration> generation) {
        node.put("name", planned.profile().name());
        node.put("generation", planned.profile().generation());
        generation.ifPresent(each -> node.put("generationReason", each.reason()));
        node.put("requestedBy", planned.requestedBy().toString());
        ArrayNode parameters = node.putArray("parameters");
        planned.parameters().forEach((name, parameter) -> {
            ObjectNode entry = parameters.addObject().put("name", name);
            entry.set("value", parameter.value());
            entry.put("source", parameter.source().toString());
        });
        ArrayNode additions = node.putArray("additions");
        planned.additions().forEach(additions::add);
    }

    private static void add(ObjectNode node, SkippedProfile skipped) {
        node.put("name", skipped.profile().name());
        node.put("requestedBy", skipped.requestedBy().toString());
        add(node.putObject("reason"), skipped.reason());
    }

    private static void add(ArrayNode list, List<Reason> reasons) {
        reasons.forEach(reason -> add(list.addObject(), reason));
    }

    private static void add(ObjectNode node, Reason reason) {
        node.put("code", reason.code().toString()).put("message", reason.message());
    }

    private static void add(ObjectNode node, PolicyView view) {
        Policy policy = view.policy();
        node.put("name", policy.name());
        node.put("mode", policy.mode().toString());
        node.put("priority", policy.priority());
        ArrayNode profiles = node.putArray("profiles");
        policy.grants().stream().map(Grant::name).forEach(profiles::add);
        node.put("matches", view.mismatch().isEmpty());
        view.mismatch().ifPresent(mismatch -> node.put("mismatch", mismatch));
    }

    private static void add(ObjectNode node, Audited audited) {
        node.put("policy", audited.policy()).put("profile", audited.profile()).put("outcome", audited.outcome());
    }

    private static void add(ObjectNode node, Start start) {
        node.put("container", start.container()).put("phase", Keywords.of(start.phase()));
        if (!start.profile().isEmpty()) {
            node.put("profile", start.profile());
        }
    }
}
