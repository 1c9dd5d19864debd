package dev.pillion.catalog.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.MatchCondition;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.ProtectedParameters;
import dev.pillion.catalog.lint.Linter.Findings;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.pod.StoredForm;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Applies the lint rules to a policy. */
final class PolicyLints {

    private final String name;
    private final JsonNode spec;
    private final Catalog catalog;
    private final Instant now;
    private final Findings findings;

    PolicyLints(String name, JsonNode spec, Catalog catalog, Instant now, Findings findings) {
        this.name = name;
        this.spec = spec;
        this.catalog = catalog;
        this.now = now;
        this.findings = findings;
    }

    void find() {
        findOptionalReads();
        findEnd();
        boolean enforces = spec.path("mode").asText().equals("Enforce");
        if (enforces && StoredForm.isOmitted("", spec.path("match"))) {
            findings.add(
                    LintRule.UNRESTRICTED_MATCH,
                    "spec.match",
                    "matches all Pods; add a namespaceSelector, a podSelector or matchConditions, or test the policy in"
                            + " mode Audit first");
        }
        for (int each = 0; each < spec.path("profiles").size(); each++) {
            int index = each;
            JsonNode grant = spec.path("profiles").get(index);
            Optional<Profile> profile = catalog.profile(grant.path("name").asText());
            String path = "spec.profiles[" + index + "]";
            profile.ifPresent(named -> findFloatingValues(grant.path("parameters"), named, path + ".parameters."));
            if (enforces && !grant.has("overridable")) {
                profile.ifPresent(named -> findOpenParameters(grant, named, path));
            }
            if (enforces) {
                profile.ifPresent(named -> findRequiredParameters(grant, named, path));
            }
        }
    }

    private void findEnd() {
        if (policy().filter(policy -> policy.hasEnded(now)).isPresent()) {
            findings.add(LintRule.ENDED_POLICY, "spec.until", "has passed; delete the policy, or set a later time");
        }
    }

    private Optional<Policy> policy() {
        return catalog.policies().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst();
    }

    /** Required parameters without a value are not reported: Pods must set them. */
    private void findOpenParameters(JsonNode grant, Profile profile, String path) {
        Set<String> guarded = ProtectedParameters.of(profile);
        List<String> open = unset(
                grant,
                profile,
                parameter -> parameter.overridable() && !parameter.required() && !guarded.contains(parameter.name()));
        if (!open.isEmpty()) {
            findings.add(
                    LintRule.OPEN_PARAMETERS,
                    path,
                    "lets Pods set " + String.join(", ", open) + " of the enforced profile '" + profile.name()
                            + "'; add 'overridable' with those that Pods need, or 'overridable: []'");
        }
    }

    /** A parameter whose default is an expression can also lack a value, but only for some Pods. */
    private void findRequiredParameters(JsonNode grant, Profile profile, String path) {
        List<String> unset = unset(grant, profile, Parameter::required);
        if (!unset.isEmpty()) {
            findings.add(
                    LintRule.REQUIRED_PARAMETER,
                    path,
                    "sets no value for " + String.join(", ", unset) + ", which the enforced profile '" + profile.name()
                            + "' requires; set 'parameters', so that Pods need not set annotations");
        }
    }

    /** The names of the parameters that the policy does not set. */
    private static List<String> unset(JsonNode grant, Profile profile, Predicate<Parameter> which) {
        return profile.parameters().values().stream()
                .filter(which)
                .map(Parameter::name)
                .filter(name -> !grant.path("parameters").has(name))
                .sorted()
                .toList();
    }

    /** A condition without a value is no error in a policy: it causes a warning at admission, and its effect is defined. In a profile it is an error. */
    private void findOptionalReads() {
        List<MatchCondition> conditions = policy().map(Policy::matchConditions).orElse(List.of());
        for (int index = 0; index < conditions.size(); index++) {
            String path = "spec.match.matchConditions[" + index + "].expression";
            conditions
                    .get(index)
                    .condition()
                    .optionalRead(Set.of())
                    .ifPresent(read -> findings.add(LintRule.OPTIONAL_READ, path, read.toString()));
        }
    }

    private void findFloatingValues(JsonNode values, Profile profile, String path) {
        for (Map.Entry<String, JsonNode> value : values.properties()) {
            Parameter parameter = profile.parameters().get(value.getKey());
            if (parameter != null && parameter.type() == ParameterType.IMAGE) {
                FloatingImage.of(value.getValue().asText())
                        .ifPresent(message -> findings.add(LintRule.FLOATING_IMAGE, path + value.getKey(), message));
            }
        }
    }
}
