package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.pod.DnsLabel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the profiles that a policy names, with their parameters.
 *
 * @param profiles all profiles by name
 * @param broken names of profiles that exist and do not compile: a policy that names one has no problem of its own
 */
record GrantsReader(Map<String, Profile> profiles, Set<String> broken) {

    List<Grant> read(Fields spec, Mode mode) {
        List<Grant> grants = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int size = spec.list("profiles").size();
        for (int index = 0; index < size; index++) {
            grant(spec, index, mode, names).ifPresent(grants::add);
        }
        if (size == 0) {
            spec.report("profiles", "is missing; a policy has at least one profile");
        }
        return grants;
    }

    /** @param names the names of the grants before this one */
    private Optional<Grant> grant(Fields spec, int index, Mode mode, Set<String> names) {
        Fields grant = spec.in(new PolicyPart.Grant(index, false)).element("profiles", index);
        if (!grant.tree().isObject()) {
            return Optional.empty();
        }
        String name = grant.requiredText("name");
        Optional<String> instance = instance(grant);
        Optional<String> generation = generation(grant);
        Fields parameters = grant.map("parameters");
        AllowancesReader allowances = new AllowancesReader(grant, mode);
        grant.refuseOthers();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String requested =
                instance.map(own -> new InstanceName(own, name).toString()).orElse(name);
        if (!names.add(requested)) {
            grant.report(
                    "name",
                    "the profile '" + Excerpt.of(requested) + "' is defined twice"
                            + (instance.isEmpty() ? "; add 'instance' to one of them for a further copy" : ""));
        }
        Profile profile = profiles.get(name);
        if (profile == null) {
            if (!broken.contains(name)) {
                grant.in(new PolicyPart.Grant(index, true)).report("name", () -> missing(name));
            }
            return Optional.empty();
        }
        Map<String, JsonNode> values = values(parameters, profile);
        return Optional.of(new Grant(name, instance, generation, values, allowances.read(profile, values.keySet())));
    }

    /** Only the catalog of a cluster has earlier generations, so whether there is such a generation is not checked. */
    private static Optional<String> generation(Fields grant) {
        Optional<String> generation = grant.text("generation");
        if (generation.isPresent() && !DnsLabel.isValid(generation.get())) {
            grant.report(
                    "generation",
                    () -> "must be a generation of the profile, such as 0123abcd, is '" + Excerpt.of(generation.get())
                            + "'");
            return Optional.empty();
        }
        return generation;
    }

    private static Optional<String> instance(Fields grant) {
        Optional<String> instance = grant.text("instance");
        if (instance.isPresent() && !DnsLabel.isValid(instance.get())) {
            grant.report(
                    "instance",
                    "must be lower-case letters, digits and hyphens, because the names of containers end with it; is '"
                            + Excerpt.of(instance.get()) + "'");
            return Optional.empty();
        }
        return instance;
    }

    private String missing(String name) {
        return "there is no profile '" + Excerpt.of(name) + "'"
                + InstanceName.of(name)
                        .filter(each -> profiles.containsKey(each.profile()))
                        .map(each ->
                                "; write name: " + each.profile() + " and instance: " + Excerpt.of(each.instance()))
                        .orElseGet(() -> Nearest.hint(name, profiles.keySet()));
    }

    /** Values are checked like those of an annotation, but a policy can also set parameters that annotations cannot. */
    private static Map<String, JsonNode> values(Fields parameters, Profile profile) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : parameters.tree().properties()) {
            String name = entry.getKey();
            Parameter parameter = profile.parameters().get(name);
            if (parameter == null) {
                parameters.report(
                        name,
                        () -> "profile '" + profile.name() + "' has no parameter '" + Excerpt.of(name) + "'"
                                + Nearest.hint(name, profile.parameters().keySet()));
                continue;
            }
            try {
                values.put(
                        name,
                        entry.getValue().isTextual()
                                ? parameter.parse(entry.getValue().textValue())
                                : parameter.read(entry.getValue()));
            } catch (InvalidValueException e) {
                parameters.report(name, e.getMessage());
            }
        }
        return values;
    }
}
