package dev.pillion.catalog.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Profile.Access;
import dev.pillion.catalog.SharedDirectory;
import dev.pillion.catalog.compile.ProfileReader;
import dev.pillion.catalog.compile.UnknownFields;
import dev.pillion.catalog.lint.Linter.Findings;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Template;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Applies the lint rules to a profile. */
final class ProfileLints {

    /** Fields with texts for people. */
    private static final Set<String> PROSE = Set.of("description", "message");

    private final JsonNode spec;
    private final Profile profile;
    private final Catalog catalog;
    private final Findings findings;

    ProfileLints(JsonNode spec, Profile profile, Catalog catalog, Findings findings) {
        this.spec = spec;
        this.profile = profile;
        this.catalog = catalog;
        this.findings = findings;
    }

    void find() {
        findUnreachable();
        findUnusedParameters();
        findFloatingDefaults();
        for (Role role : Role.values()) {
            for (int index = 0; index < spec.path(role.field()).size(); index++) {
                String path = "spec." + role.field() + "[" + index + "]";
                new ContainerLints(spec.path(role.field()).get(index), path, findings).find();
            }
        }
        findContestedDirectories();
        findUnknownFields();
    }

    /** Misspelt fields are errors and have been reported before. */
    private void findUnknownFields() {
        UnknownFields.in(spec, ProfileReader.KUBERNETES)
                .forEach(field -> findings.add(LintRule.UNKNOWN_FIELD, field.path(), field.unknown()));
    }

    private void findUnreachable() {
        boolean reachable = catalog.policies().stream()
                .filter(policy -> policy.mode() != Mode.AUDIT)
                .flatMap(policy -> policy.grants().stream())
                .anyMatch(grant -> grant.profile().equals(profile.name()));
        if (profile.access() == Access.RESTRICTED && !reachable) {
            findings.add(
                    LintRule.UNREACHABLE_PROFILE,
                    "spec.access",
                    "no policy injects or permits this profile, so no Pod can get it; write a policy with mode Permit, or set access: Open");
        }
    }

    private void findUnusedParameters() {
        for (int index = 0; index < spec.path("parameters").size(); index++) {
            String name = spec.path("parameters").get(index).path("name").asText();
            Pattern use = Pattern.compile("\\bparams\\s*\\.\\s*\\??\\s*" + name + "\\b");
            // A parameter of type resources applies to all containers without an expression.
            boolean implicit =
                    spec.path("parameters").get(index).path("type").asText().equals(ParameterType.RESOURCES.word());
            if (!implicit && !isUsed(spec, use)) {
                findings.add(
                        LintRule.UNUSED_PARAMETER,
                        "spec.parameters[" + index + "]",
                        "nothing in the profile uses params." + name + "; use it or remove the parameter");
            }
        }
    }

    private static boolean isUsed(JsonNode tree, Pattern use) {
        if (tree.isObject()) {
            return tree.properties().stream()
                    .filter(field ->
                            !PROSE.contains(field.getKey()) || !field.getValue().isTextual())
                    .anyMatch(field -> isUsed(field.getValue(), use));
        }
        if (tree.isArray()) {
            return tree.valueStream().anyMatch(element -> isUsed(element, use));
        }
        return use.matcher(tree.asText()).find();
    }

    private void findFloatingDefaults() {
        for (int index = 0; index < spec.path("parameters").size(); index++) {
            JsonNode parameter = spec.path("parameters").get(index);
            String path = "spec.parameters[" + index + "].default";
            if (parameter.path("type").asText().equals(ParameterType.IMAGE.word())) {
                FloatingImage.of(parameter.path("default").asText())
                        .ifPresent(message -> findings.add(LintRule.FLOATING_IMAGE, path, message));
            }
        }
    }

    private void findContestedDirectories() {
        for (int index = 0; index < profile.sharedDirectories().size(); index++) {
            SharedDirectory directory = profile.sharedDirectories().get(index);
            String path = "spec.sharedDirectories[" + index + "].path";
            written(directory).ifPresent(place -> catalog.profiles().stream()
                    .filter(other -> !other.name().equals(profile.name()))
                    .filter(other -> other.sharedDirectories().stream()
                            .anyMatch(theirs -> written(theirs).equals(Optional.of(place))))
                    .forEach(other -> findings.add(
                            LintRule.CONTESTED_DIRECTORY,
                            path,
                            "profile '" + other.name() + "' writes to " + place
                                    + " too; give one of them another directory, or a parameter for its path")));
        }
    }

    /** The directory to which the profile's containers write, if it is the same in every Pod. */
    private static Optional<String> written(SharedDirectory directory) {
        return !directory.writers().isEmpty() && directory.path() instanceof Template.Constant(JsonNode path)
                ? Optional.of(path.asText().replaceFirst("/$", ""))
                : Optional.empty();
    }
}
