package dev.pillion.catalog.compile;

import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Policy.MatchCondition;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Expression;
import dev.pillion.expression.ExpressionCompiler;
import dev.pillion.expression.Nearest;
import dev.pillion.pod.DnsLabel;
import dev.pillion.yaml.Document;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one {@code InjectionPolicy} and compiles it with the profiles that it names. */
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
     * Compiles a policy. The result is empty if the policy has problems.
     *
     * @param profiles all profiles by name
     * @param broken names of profiles that exist and do not compile
     * @param problems the list to which the policy's problems are added
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
     * The readable part of a policy that does not compile: the Pods that it selects and what it does with them. So that no Pod escapes a policy
     * because of a mistake in it, a selector or a percentage with a problem selects every Pod, and a mode with a problem is Enforce.
     */
    public static Policy readable(Source source) {
        List<Problem> found = new ArrayList<>();
        Policy policy =
                new PolicyReader(source.file(), source.document(), Map.of(), Set.of(), found).policy(source.file());
        return policy.withoutGrants(
                hasProblem(PolicyPart.Field.MODE, found) ? Mode.ENFORCE : policy.mode(),
                hasProblem(PolicyPart.Field.NAMESPACE_SELECTOR, found) ? LabelSelector.EVERYTHING : policy.namespaces(),
                hasProblem(PolicyPart.Field.POD_SELECTOR, found) ? LabelSelector.EVERYTHING : policy.pods(),
                hasProblem(PolicyPart.Field.PERCENTAGE, found) ? 100 : policy.percentage());
    }

    /**
     * The grants of a profile in a policy, compiled with a version of the profile.
     *
     * @param problems the list to which the problems of these grants are added
     */
    public static List<Grant> grantsOf(Profile version, Source source, List<Problem> problems) {
        Set<String> others = new HashSet<>();
        source.document()
                .tree()
                .path("spec")
                .path("profiles")
                .forEach(grant -> others.add(grant.path("name").asText()));
        others.remove(version.name());
        List<Problem> found = new ArrayList<>();
        PolicyReader reader =
                new PolicyReader(source.file(), source.document(), Map.of(version.name(), version), others, found);
        Header header = Header.read(source.document(), KIND, reader.problems);
        found.clear();
        List<Grant> grants = new GrantsReader(reader.profiles, others)
                .read(header.spec(), mode(header.spec().in(PolicyPart.Field.MODE)));
        problems.addAll(found);
        return grants;
    }

    private static boolean hasProblem(PolicyPart part, List<Problem> found) {
        return found.stream().anyMatch(problem -> problem.part().equals(Optional.of(part)));
    }

    private Policy policy(String file) {
        Header header = Header.read(document, KIND, problems);
        Fields spec = header.spec();
        Mode mode = mode(spec.in(PolicyPart.Field.MODE));
        int priority = spec.integer("priority", 0);
        int percentage = percentage(spec.in(PolicyPart.Field.PERCENTAGE));
        Optional<Instant> until = until(spec);
        if (spec.any("match").isMissingNode()) {
            spec.report("match", "is missing; match: {} is for all Pods of all namespaces");
        }
        Fields match = spec.map("match");
        LabelSelector namespaces = LabelSelectorReader.read(
                match.in(PolicyPart.Field.NAMESPACE_SELECTOR).map("namespaceSelector"));
        LabelSelector pods =
                LabelSelectorReader.read(match.in(PolicyPart.Field.POD_SELECTOR).map("podSelector"));
        List<MatchCondition> conditions = conditions(match);
        match.refuseOthers();
        List<Grant> grants = new GrantsReader(profiles, broken).read(spec, mode);
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
                percentage,
                until);
    }

    /** A time without an offset, or a date, would be ambiguous. */
    private static Optional<Instant> until(Fields spec) {
        Optional<String> text = spec.text("until");
        try {
            return text.map(time -> OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeParseException e) {
            spec.report(
                    "until",
                    () -> "must be a time with an offset (RFC 3339), such as 2030-01-31T00:00:00Z, is "
                            + Excerpt.of(text.orElse("")));
            return Optional.empty();
        }
    }

    /** A percentage of workloads, from 0 to 100. */
    static int percentage(Fields spec) {
        int percentage = spec.integer("percentage", 100);
        if (percentage < 0 || percentage > 100) {
            spec.report("percentage", "must be from 0 to 100, is " + percentage);
        }
        return percentage;
    }

    private static Mode mode(Fields spec) {
        String name = spec.requiredText("mode");
        List<String> names = Arrays.stream(Mode.values()).map(Mode::toString).toList();
        if (!name.isEmpty() && !names.contains(name)) {
            spec.report(
                    "mode",
                    () -> "must be one of " + String.join(", ", names) + ", is " + Excerpt.of(name)
                            + Nearest.question(name, names));
        }
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.toString().equals(name))
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
                problems.accept(condition.path("name"), "the condition '" + Excerpt.of(name) + "' is defined twice");
            }
            Optional<Expression> compiled = reader.read(condition, Holder.CONDITIONS);
            condition.refuseOthers();
            compiled.ifPresent(expression -> conditions.add(new MatchCondition(name, expression)));
        }
        return conditions;
    }

    /** Initialized when the first condition is read: most catalogs have none. */
    private static final class Holder {

        static final ExpressionCompiler CONDITIONS = new ExpressionCompiler(
                KubernetesSchema.load(), Map.of("pod", KubernetesSchema.POD, "namespace", KubernetesSchema.NAMESPACE));
    }
}
