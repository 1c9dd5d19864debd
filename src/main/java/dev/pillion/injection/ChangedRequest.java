package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.uninject.StatusComparison;
import dev.pillion.injection.uninject.Uninjection;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.patch.Patch;
import dev.pillion.patch.PatchBuilder;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides on a Pod that may have been injected before. If the Pod still requests what its status records, only missing additions are added.
 * Otherwise one patch removes the earlier additions and injects the Pod again. If an addition cannot be removed, the Pod is denied, so that it
 * never has a part of one request and a part of another.
 */
record ChangedRequest(Evaluator evaluator, Pod pod, Status earlier) {

    private static final Pointer ANNOTATIONS = Pointer.of("metadata", "annotations");

    Decision decide() {
        return recordAdmission(decideByStatus());
    }

    /**
     * The first call of the webhook for a Pod of an injected manifest writes a status that is no longer that of a manifest. Otherwise a second call
     * could not tell a change by another webhook from one that a user made before.
     */
    private Decision recordAdmission(Decision decision) {
        if (evaluator.ofManifest()
                || !earlier.manifest()
                || !(decision instanceof Unchanged(Reason reason, Plan plan))
                || reason.code() != ReasonCode.ALREADY_INJECTED) {
            return decision;
        }
        PatchBuilder patch = new PatchBuilder(pod.tree());
        String status = StatusBuilder.of(earlier).manifest(false).build().toJson();
        patch.put(ANNOTATIONS, Annotations.STATUS, TextNode.valueOf(status));
        return new Injected(plan.withoutAdditions(), patch.build());
    }

    private Decision decideByStatus() {
        Evaluation evaluation = evaluator.evaluate(pod, earlier);
        if (earlier.profiles().isEmpty()) {
            // The Pod has no status, or its status names no profile.
            return InjectionTraces.checked(evaluation.decision(), pod, earlier, evaluator.catalog());
        }
        Optional<String> change = change(evaluation);
        return change.isEmpty() ? evaluation.decision() : decideAgain(evaluation);
    }

    private Optional<String> change(Evaluation evaluation) {
        if (evaluation.decision() instanceof Denied) {
            return Optional.of("the request is denied");
        }
        return StatusComparison.change(earlier, evaluation.status())
                .or(() -> evaluation.outOfDate()
                                || evaluation.rendersDifferently()
                                || new StatusComparison(earlier, pod).loses(evaluation.status())
                        ? Optional.of("the Pod has changed since it was injected")
                        : Optional.empty());
    }

    private Decision decideAgain(Evaluation current) {
        Uninjector.Undone undone = Uninjector.undo(pod, earlier, evaluator.catalog());
        Evaluation fresh = evaluateAgain(undone);
        if (fresh.decision() instanceof Denied denied) {
            return denied;
        }
        if (!undone.uninjection().isComplete()) {
            return incomplete(undone.uninjection(), fresh);
        }
        // A value that an expression derives from the Pod can differ only because the Pod is injected.
        boolean sameRequest = current.decision() instanceof Unchanged
                && !current.outOfDate()
                && StatusComparison.change(earlier, fresh.status()).isEmpty()
                && StatusComparison.listSame(earlier, fresh.status())
                && (!evaluator.comparesRenderings(earlier) || StatusComparison.renderSame(earlier, fresh.status()));
        return sameRequest ? current.decision() : replaced(undone.uninjection(), fresh);
    }

    private Evaluation evaluateAgain(Uninjector.Undone undone) {
        return evaluator.evaluate(original(undone.uninjection()), undone.left());
    }

    /** The profiles that policies enforce for the Pod without its earlier additions, and that the catalog cannot provide. */
    List<Unmet> unmet() {
        return evaluateAgain(Uninjector.undo(pod, earlier, evaluator.catalog()))
                .decision()
                .plan()
                .unmet();
    }

    private Decision replaced(Uninjection uninjection, Evaluation fresh) {
        Patch undo = uninjection.patch();
        Patch patch =
                switch (fresh.decision()) {
                    case Injected(var _, Patch injection) -> undo.then(injection);
                    case Unchanged _, Denied _ -> undo;
                };
        if (StatusComparison.mayBeSame(earlier, fresh.status()) && isSamePod(patch)) {
            return fresh.decision() instanceof Unchanged unchanged
                    ? unchanged
                    : new Unchanged(
                            Evaluator.ALREADY_INJECTED, fresh.decision().plan().withoutAdditions());
        }
        Plan plan = fresh.decision().plan();
        for (String edit : uninjection.edits().reversed()) {
            plan = plan.withWarning(new Reason(ReasonCode.CHANGED_REQUEST, edit));
        }
        return new Injected(plan.withWarning(notice(fresh)), patch);
    }

    private Reason notice(Evaluation fresh) {
        return new Reason(
                ReasonCode.CHANGED_REQUEST,
                fresh.status().profiles().isEmpty()
                        ? "removed what was injected before, because nothing requests " + names() + " now"
                        : "injected again, because " + description(fresh));
    }

    private Decision incomplete(Uninjection uninjection, Evaluation fresh) {
        Uninjection.Kept kept = uninjection.kept().getFirst();
        if (fresh.status().profiles().isEmpty() && uninjection.patch().isEmpty()) {
            // Nothing is requested, and Pillion has added nothing that can be removed.
            Unchanged unchanged = (Unchanged) fresh.decision();
            return new Unchanged(
                    unchanged.reason(),
                    unchanged.plan().withWarning(new Reason(ReasonCode.CHANGED_REQUEST, kept.toString())));
        }
        List<ProfileRequest> requests = fresh.decision().plan().profiles().stream()
                .map(PlannedProfile::request)
                .toList();
        String problem = kept.addition() + " cannot be removed: " + kept.reason()
                + "; correct that in the manifest, run pillion uninject on it, and inject it again";
        return new Denied(
                new Reason(
                        ReasonCode.CHANGED_REQUEST,
                        requests.isEmpty()
                                ? noLongerRequested() + ", but " + problem
                                : ProfileRequest.all(requests) + ", but " + description(fresh) + ", and " + problem),
                requests);
    }

    private String description(Evaluation fresh) {
        return StatusComparison.change(earlier, fresh.status()).orElse("the Pod has changed since it was injected");
    }

    private String noLongerRequested() {
        return earlier.profiles().size() == 1
                ? names() + " was injected before, and nothing requests it now"
                : names() + " were injected before, and nothing requests them now";
    }

    private String names() {
        return earlier.profiles().keySet().stream()
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
    }

    private boolean isSamePod(Patch patch) {
        return withoutStatus(patch.applyTo(pod.tree())).equals(ChangedRequest::compare, withoutStatus(pod.tree()));
    }

    /** Compares numbers by value: a rendered number can have another type than a number that was read. */
    private static int compare(JsonNode one, JsonNode other) {
        boolean same = one.isNumber() && other.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
        return same ? 0 : 1;
    }

    private static JsonNode withoutStatus(JsonNode tree) {
        ObjectNode copy = tree.deepCopy();
        if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(Annotations.STATUS);
        }
        return copy;
    }

    /** The Pod before it was injected, with the name and owner of the injected Pod. */
    private Pod original(Uninjection uninjection) {
        try {
            Pod read = Pod.of(uninjection.pod());
            return new Pod(
                    pod.name(),
                    pod.owner(),
                    read.labels(),
                    read.annotations(),
                    read.initContainers(),
                    read.containers(),
                    read.ephemeralContainers(),
                    pod.withClaims(read.volumes()),
                    read.tree());
        } catch (MalformedPodException e) {
            throw new IllegalStateException("the Pod without the additions cannot be read: " + e.getMessage(), e);
        }
    }
}
