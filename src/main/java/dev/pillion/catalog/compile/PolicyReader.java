package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Policy.MatchCondition;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Expression;
import dev.pillion.expression.ExpressionCompiler;
import dev.pillion.expression.Nearest;
import dev.pillion.pod.DnsLabel;
import dev.pillion.yaml.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one {@code InjectionPolicy} and compiles it against the profiles that it names. */
public final class PolicyReader {

    public static final String KIND = "InjectionPolicy";

    private final Document document;
    private final Problems problems;
    private final Map<String, Profile> profiles;
    private final Set<String> broken;

    private PolicyReader(
            String file, Document document, Map<String, Profile> profiles, Set<String> broken, List<Problem> found) {
        this.document = document;
        this.problems = new Problems(file, document, found);
        this.profiles = profiles;
        this.broken = broken;
    }

    /**
     * The policy; empty when something is wrong with it, which is then among the problems.
     *
     * @param broken names of profiles that there are, and that do not compile
     */
    public static Optional<Policy> read(
            String file, Document document, Map<String, Profile> profiles, Set<String> broken, List<Problem> problems) {
        int before = problems.size();
        Optional<ResourceLimits.Excess> excess = ResourceLimits.excess(document.tree());
        if (excess.isPresent()) {
            problems.add(new Problem(
                    file,
                    document.line(excess.get().path()),
                    excess.get().path(),
                    excess.get().message()));
            return Optional.empty();
        }
        Policy policy = new PolicyReader(file, document, profiles, broken, problems).policy(file);
        return problems.size() == before ? Optional.of(policy) : Optional.empty();
    }

    /**
     * What can be read of a policy that does not compile: which Pods it is meant for. What cannot be read counts as if it were for every
     * Pod, and a mode that cannot be read as Enforce: nobody is to escape a policy by a mistake in it.
     */
    public static Policy meaning(Source source) {
        List<Problem> found = new ArrayList<>();
        Policy read =
                new PolicyReader(source.file(), source.document(), Map.of(), Set.of(), found).policy(source.file());
        return read.meantFor(
                isBroken("spec.mode", found) ? Mode.ENFORCE : read.mode(),
                isBroken("spec.match.namespaceSelector", found) ? LabelSelector.EVERYTHING : read.namespaces(),
                isBroken("spec.match.podSelector", found) ? LabelSelector.EVERYTHING : read.pods(),
                isBroken("spec.percentage", found) ? 100 : read.percentage());
    }

    private static boolean isBroken(String path, List<Problem> found) {
        return found.stream()
                .anyMatch(problem -> problem.path().equals(path)
                        || problem.path().startsWith(path + ".")
                        || problem.path().startsWith(path + "["));
    }

    private Policy policy(String file) {
        Header header = Header.read(document, KIND, problems);
        Fields spec = header.spec();
        Mode mode = mode(spec);
        int priority = spec.integer("priority", 0);
        int percentage = spec.integer("percentage", 100);
        if (percentage < 0 || percentage > 100) {
            problems.accept(spec.path("percentage"), "must be from 0 to 100, is " + percentage);
        }
        if (spec.any("match").isMissingNode()) {
            problems.accept(spec.path("match"), "is missing; match: {} is for all Pods of all namespaces");
        }
        Fields match = spec.map("match");
        LabelSelectorReader selectors = new LabelSelectorReader(problems);
        LabelSelector namespaces = selectors.read(match.map("namespaceSelector"));
        LabelSelector pods = selectors.read(match.map("podSelector"));
        List<MatchCondition> conditions = conditions(match);
        match.refuseOthers();
        List<Grant> grants = grants(spec, mode);
        spec.refuseOthers();
        return new Policy(
                header.name(),
                DnsLabel.hash(document.tree().toString()),
                file,
                mode,
                priority,
                namespaces,
                pods,
                conditions,
                grants,
                percentage);
    }

    private Mode mode(Fields spec) {
        String word = spec.requiredText("mode");
        List<String> words = Arrays.stream(Mode.values()).map(Mode::toString).toList();
        if (!word.isEmpty() && !words.contains(word)) {
            problems.accept(
                    spec.path("mode"),
                    "must be one of " + String.join(", ", words) + ", is " + Excerpt.of(word)
                            + Nearest.question(word, words));
        }
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.toString().equals(word))
                .findFirst()
                .orElse(Mode.AUDIT);
    }

    private List<MatchCondition> conditions(Fields match) {
        List<MatchCondition> conditions = new ArrayList<>();
        Conditions reader = new Conditions(problems);
        Set<String> names = new HashSet<>();
        for (Fields condition : match.maps("matchConditions")) {
            String name = condition.requiredText("name");
            if (!name.isEmpty() && !names.add(name)) {
                problems.accept(condition.path("name"), "the condition '" + Excerpt.of(name) + "' stands twice");
            }
            Optional<Expression> compiled = reader.read(condition, Holder.CONDITIONS);
            condition.refuseOthers();
            compiled.ifPresent(expression -> conditions.add(new MatchCondition(name, expression)));
        }
        return conditions;
    }

    private List<Grant> grants(Fields spec, Mode mode) {
        List<Grant> grants = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields grant : spec.maps("profiles")) {
            String name = grant.requiredText("name");
            Optional<String> instance = instance(grant);
            Fields parameters = grant.map("parameters");
            AllowancesReader allowances = new AllowancesReader(grant, mode, problems);
            grant.refuseOthers();
            if (name.isEmpty()) {
                continue;
            }
            String requested =
                    instance.map(own -> new InstanceName(own, name).toString()).orElse(name);
            if (!names.add(requested)) {
                problems.accept(
                        grant.path("name"),
                        "the profile '" + Excerpt.of(requested) + "' stands twice"
                                + (instance.isEmpty() ? "; add 'instance' to one of them for a further copy" : ""));
            }
            Profile profile = profiles.get(name);
            if (profile != null) {
                Map<String, JsonNode> values = values(parameters, profile);
                grants.add(new Grant(name, instance, values, allowances.read(profile, values.keySet())));
            } else if (!broken.contains(name)) {
                problems.accept(grant.path("name"), unknown(name));
            }
        }
        if (spec.list("profiles").isEmpty()) {
            problems.accept(spec.path("profiles"), "is missing; a policy is about at least one profile");
        }
        return grants;
    }

    private Optional<String> instance(Fields grant) {
        Optional<String> instance = grant.text("instance");
        if (instance.isPresent() && !DnsLabel.isValid(instance.get())) {
            problems.accept(
                    grant.path("instance"),
                    "must be lower-case letters, digits and hyphens, because the names of containers end with it; is '"
                            + Excerpt.of(instance.get()) + "'");
            return Optional.empty();
        }
        return instance;
    }

    private String unknown(String name) {
        return "there is no profile '" + Excerpt.of(name) + "'"
                + InstanceName.of(name)
                        .filter(each -> profiles.containsKey(each.profile()))
                        .map(each ->
                                "; write name: " + each.profile() + " and instance: " + Excerpt.of(each.instance()))
                        .orElseGet(() -> Nearest.hint(name, profiles.keySet()));
    }

    /** Checked as an annotation's value would be, but that a policy may also set what no annotation may. */
    private Map<String, JsonNode> values(Fields parameters, Profile profile) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : parameters.tree().properties()) {
            String path = parameters.path(entry.getKey());
            Parameter parameter = profile.parameters().get(entry.getKey());
            if (parameter == null) {
                problems.accept(
                        path,
                        "profile '" + profile.name() + "' has no parameter '" + Excerpt.of(entry.getKey()) + "'"
                                + Nearest.hint(
                                        entry.getKey(), profile.parameters().keySet()));
                continue;
            }
            try {
                values.put(
                        entry.getKey(),
                        entry.getValue().isTextual()
                                ? parameter.parse(entry.getValue().textValue())
                                : parameter.read(entry.getValue()));
            } catch (InvalidValueException e) {
                problems.accept(path, e.getMessage());
            }
        }
        return values;
    }

    /** Made when the first condition is read: most catalogs have none. */
    private static final class Holder {

        static final ExpressionCompiler CONDITIONS = new ExpressionCompiler(
                KubernetesSchema.load(), Map.of("pod", KubernetesSchema.POD, "namespace", KubernetesSchema.NAMESPACE));
    }
}
