package dev.pillion.export;

import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Expression;
import dev.pillion.expression.Template;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the parts of a policy and a profile that the API server's admission policies cannot express. */
final class ExportBlockers {

    private static final List<String> POD_VARIABLES = List.of("pod", "app", "namespace");

    private ExportBlockers() {}

    static List<String> of(Policy policy) {
        List<String> found = new ArrayList<>();
        switch (policy.mode()) {
            case ENFORCE, DEFAULT -> {}
            case PERMIT ->
                found.add("mode Permit: the API server does not support requests by annotation;"
                        + " make it Enforce or Default");
            case AUDIT -> found.add("mode Audit: a mutating policy cannot only report; make it Enforce or Default");
        }
        if (policy.percentage() != 100) {
            found.add("percentage " + policy.percentage()
                    + ": CEL in the API server has no hash function to select workloads; set percentage to 100");
        }
        policy.until()
                .ifPresent(
                        until -> found.add(
                                "until " + until
                                        + ": CEL in the API server does not know the time; remove until, and delete the exported manifests at that time"));
        return found;
    }

    static List<String> of(Policy policy, Grant grant, Profile profile) {
        List<String> found = new ArrayList<>();
        grant.generation()
                .ifPresent(generation -> found.add("profile " + profile.name() + ", generation " + generation
                        + ": the export has only the generation in force; remove generation from the policy"));
        if (!profile.generations().forAll()) {
            found.add("profile " + profile.name() + ", percentage "
                    + profile.generations().percentage()
                    + ": CEL in the API server has no hash function to select workloads; set percentage to 100");
        }
        if (profile.generations().pinnable()) {
            found.add(
                    "profile " + profile.name()
                            + ": it is pinnable, and the API server's policies cannot choose a generation by annotation; set pinnable to false");
        }
        for (Parameter parameter : profile.parameters().values()) {
            if (grant.parameters().containsKey(parameter.name())) {
                continue;
            }
            if (parameter.defaultValue().stream().flatMap(Template::expressions).anyMatch(ExportBlockers::readsPod)) {
                found.add("profile " + profile.name() + ", parameter " + parameter.name() + ": its default "
                        + parameter.defaultText() + " is computed for each Pod; set " + parameter.name()
                        + " in the policy");
            } else if (parameter.required() && parameter.defaultValue().isEmpty()) {
                found.add("profile " + profile.name() + ", parameter " + parameter.name()
                        + ": it has no value; set it in the policy");
            }
        }
        Set<String> expressions = new LinkedHashSet<>();
        profile.rendering()
                .filter(ExportBlockers::readsPod)
                .map(Expression::toString)
                .forEach(expressions::add);
        expressions.forEach(expression -> found.add("profile " + profile.name() + ": " + expression
                + " is computed for each Pod, which the API server supports in conditions only"));
        if (profile.appends()) {
            found.add("profile " + profile.name()
                    + ": it appends to variables of the app, whose values are known for each Pod only");
        }
        profile.specAdditions()
                .forEach(field -> found.add("profile " + profile.name() + ": it adds pod." + field
                        + ", which depends on the value of this field in each Pod"));
        for (ContainerTemplate container : profile.containers()) {
            if (!container.inherited().isEmpty()) {
                found.add("profile " + profile.name() + ", container " + container.name()
                        + ": it inherits from the app's container");
            }
        }
        return found.stream()
                .map(each -> "policy " + policy.name() + ", " + each)
                .toList();
    }

    private static boolean readsPod(Expression expression) {
        return POD_VARIABLES.stream().anyMatch(expression::mentions);
    }
}
