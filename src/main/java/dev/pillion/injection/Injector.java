package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.Plan.ParameterValue;
import dev.pillion.injection.Plan.SkippedProfile;
import dev.pillion.injection.Rendered.Chosen;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Container;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides what is to be done with a Pod. Pure: the same input gives the same decision, and nothing else is read. Thread-safe. */
public final class Injector {

    private final InjectionSettings settings;

    public Injector(InjectionSettings settings) {
        this.settings = settings;
    }

    /** The decision for a Pod that is being created in a namespace. */
    public Decision decide(Pod pod, Namespace namespace, Catalog catalog) {
        Optional<Reason> excluded = excluded(pod, namespace);
        if (excluded.isPresent()) {
            return new Unchanged(excluded.get(), Plan.of(List.of()));
        }
        try {
            Requests requests = Requests.read(pod, namespace, catalog);
            if (requests.optedOut()) {
                return unchanged(Code.OPTED_OUT, "the Pod opts out by annotation " + Annotations.INJECT, List.of());
            }
            if (requests.profiles().isEmpty()) {
                return unchanged(Code.NOT_ASKED, "nothing asks for a profile", requests.warnings());
            }
            if (pod.windows()) {
                Reason reason =
                        new Reason(Code.WINDOWS_POD, "the Pod is for Windows nodes, and the profiles are for Linux");
                return new Unchanged(reason, Plan.of(List.of(reason)));
            }
            return inject(pod, namespace, requests, catalog);
        } catch (Denial denial) {
            return new Denied(denial.reason());
        }
    }

    private Optional<Reason> excluded(Pod pod, Namespace namespace) {
        if (pod.annotations().containsKey(Annotations.MIRROR)) {
            return Optional.of(new Reason(Code.MIRROR_POD, "a mirror Pod is the kubelet's own"));
        }
        if (settings.excludedNamespaces().contains(namespace.name())) {
            return Optional.of(new Reason(
                    Code.EXCLUDED_NAMESPACE, "Pods of namespace " + namespace.name() + " are never touched"));
        }
        return Optional.empty();
    }

    private static Unchanged unchanged(Code code, String message, List<Reason> warnings) {
        return new Unchanged(new Reason(code, message), Plan.of(warnings));
    }

    private Decision inject(Pod pod, Namespace namespace, Requests requests, Catalog catalog) throws Denial {
        List<Chosen> chosen = chosen(requests, catalog);
        Status status = Status.of(pod);
        List<Container> targets = AppContainers.of(pod, requests, status, chosen, settings.foreignSidecars());
        Optional<JsonNode> app = targets.stream().map(Container::tree).findFirst();
        Variables variables = Variables.none()
                .with("pod", () -> Values.ofJson(pod.tree()))
                .with("namespace", () -> Values.ofJson(namespace.toJson()))
                .with("app", () -> Values.ofJson(app.orElse(JsonNodeFactory.instance.objectNode())));

        List<Rendered> rendered = new ArrayList<>();
        List<SkippedProfile> skipped = new ArrayList<>();
        for (Chosen each : chosen) {
            Optional<Reason> reason = Guards.holdingWithoutParameters(each.profile(), variables);
            if (reason.isEmpty()) {
                Map<String, ParameterValue> parameters = Parameters.resolve(
                        each.profile(),
                        requests.values().getOrDefault(each.profile().name(), Map.of()),
                        variables);
                Variables all = variables.with("params", () -> Parameters.asMap(parameters));
                reason = Guards.holding(each.profile(), all);
                if (reason.isEmpty()) {
                    rendered.add(new Renderer(each, parameters, all, app, settings.nativeSidecars()).render());
                }
            }
            reason.ifPresent(why -> skipped.add(new SkippedProfile(each.profile(), each.askedBy(), why)));
        }
        if (!pod.spec("resources").isEmpty()) {
            rendered.forEach(Rendered::shareBudgetOfPod);
        }
        Additions additions = new Additions(pod, status, targets, settings.nativeSidecars());
        Patch patch = additions.add(rendered);
        Plan plan = additions.plan(rendered, skipped, requests.warnings());
        if (!patch.isEmpty()) {
            return new Injected(plan, patch);
        }
        return new Unchanged(
                rendered.isEmpty()
                        ? new Reason(Code.SKIPPED, "all that was asked for was left out")
                        : new Reason(Code.ALREADY_INJECTED, "the Pod has all that it is to have"),
                plan);
    }

    private static List<Chosen> chosen(Requests requests, Catalog catalog) throws Denial {
        List<Chosen> chosen = new ArrayList<>();
        for (Map.Entry<String, String> request : requests.profiles().entrySet()) {
            Profile profile = catalog.profile(request.getKey())
                    .orElseThrow(() -> new Denial(
                            Code.UNKNOWN_PROFILE,
                            request.getValue() + ": there is no profile '" + request.getKey() + "'"));
            if (profile.access() == Profile.Access.RESTRICTED) {
                throw new Denial(
                        Code.RESTRICTED_PROFILE,
                        request.getValue() + ": profile '" + profile.name()
                                + "' is restricted, and no policy permits it to this Pod; ask the platform team");
            }
            chosen.add(new Chosen(profile, request.getValue()));
        }
        return chosen;
    }
}
