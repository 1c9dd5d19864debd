package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.GenerationSettings;
import dev.pillion.catalog.Guard;
import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.PodSpecAdditions;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Profile.Access;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.CheckedExpressions;
import dev.pillion.expression.ExpressionCompiler;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Schema;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import dev.pillion.yaml.Document;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one {@code InjectionProfile} and compiles it. */
public final class ProfileReader {

    public static final String KIND = "InjectionProfile";

    public static final Schema KUBERNETES = KubernetesSchema.load()
            .with(ParameterType.ENDPOINT, ParameterType.ENDPOINT_FIELDS)
            .with("Cluster", Map.of("assignsUsers", Scalar.BOOLEAN));
    /** The settings of the operator about the cluster. */
    private static final Type CLUSTER = new Struct("Cluster");

    private static final Type NAMED_VOLUME = KubernetesSchema.VOLUME;
    static final Map<String, Type> APP_FIELDS = Map.of(
            "env", new ListOf(KubernetesSchema.APP_ENV_VAR),
            "envFrom", new ListOf(KubernetesSchema.ENV_FROM),
            "volumeMounts", new ListOf(KubernetesSchema.APP_VOLUME_MOUNT));
    static final Map<String, Type> POD_FIELDS = PodSpecAdditions.withSpec(Map.of(
            "labels", new MapOf(Scalar.STRING),
            "annotations", new MapOf(Scalar.STRING),
            "imagePullSecrets", new ListOf(KubernetesSchema.LOCAL_OBJECT_REFERENCE)));

    private final Document document;
    private final Problems problems;

    private ProfileReader(String file, Document document, List<Problem> found) {
        this.document = document;
        this.problems = new Problems(file, document, found);
    }

    /**
     * Compiles a profile. The result is empty if the profile has problems.
     *
     * @param problems the list to which the profile's problems are added
     */
    public static Optional<Profile> read(String file, Document document, List<Problem> problems) {
        return read(file, document, CheckedExpressions.NONE, problems);
    }

    /** @param checked expressions of this profile that were checked before */
    static Optional<Profile> read(String file, Document document, CheckedExpressions checked, List<Problem> problems) {
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
        Profile profile = new ProfileReader(file, document, problems).profile(file, checked);
        return problems.size() == before ? Optional.of(profile) : Optional.empty();
    }

    private Profile profile(String file, CheckedExpressions checked) {
        Header header = Header.read(document, KIND, problems);
        Fields spec = header.spec();
        if (spec.any("description").isMissingNode()) {
            problems.accept(
                    "spec.description", "is missing; write one sentence that tells the app team what the profile adds");
        }

        ParameterReader parameterReader = new ParameterReader(KUBERNETES, podVariables(), checked, problems);
        Map<String, Parameter> parameters = parameterReader.read(spec);
        ExpressionCompiler expressions = parameterReader.compiler(parameters.values());
        GuardsReader guardsReader = new GuardsReader(problems);
        List<Guard> guards = guardsReader.read(spec, "skipWhen", expressions);
        TemplateCompiler templates = new TemplateCompiler(expressions, problems)
                .given(guards.stream().map(Guard::condition).toList());

        List<ContainerTemplate> containers = new ContainerReader(problems).read(spec, templates);
        Profile profile = new Profile(
                header.name(),
                Optional.empty(),
                ProfileGeneration.of(document.tree().path("spec")),
                file,
                spec.text("description").orElse(""),
                access(spec),
                parameters,
                containers,
                volumes(spec, templates),
                new SharedDirectoryReader(problems).read(spec, templates, containers),
                templates(spec.map("app"), APP_FIELDS, templates),
                templates(spec.map("pod"), POD_FIELDS, templates),
                guards,
                guardsReader.read(spec, "warnWhen", expressions),
                generations(spec));
        spec.refuseOthers();
        VolumeReferences.check(spec.tree(), problems);
        AppendedVariables.check(spec.tree().path("app"), problems);
        PodSpecChecks.check(spec.tree().path("pod"), problems);
        refuseMisspeltFields(spec.tree());
        return profile;
    }

    private static GenerationSettings generations(Fields spec) {
        int limit = spec.integer("historyLimit", GenerationSettings.DEFAULT_HISTORY_LIMIT);
        if (limit < 0 || limit > GenerationSettings.MAX_HISTORY_LIMIT) {
            spec.report("historyLimit", "must be from 0 to " + GenerationSettings.MAX_HISTORY_LIMIT + ", is " + limit);
        }
        return new GenerationSettings(spec.flag("pinnable", false), limit, PolicyReader.percentage(spec));
    }

    private void refuseMisspeltFields(JsonNode spec) {
        if (!LintRule.UNKNOWN_FIELD.isExceptedIn(document)) {
            UnknownFields.in(spec, KUBERNETES).stream()
                    .filter(field -> field.meant().isPresent())
                    .forEach(field -> problems.accept(field.path(), field.misspelt()));
        }
    }

    private static Map<String, Type> podVariables() {
        return Map.of(
                "pod",
                KubernetesSchema.POD,
                "namespace",
                KubernetesSchema.NAMESPACE,
                "app",
                KubernetesSchema.CONTAINER,
                "cluster",
                CLUSTER);
    }

    private Access access(Fields spec) {
        Optional<String> grant = PodSpecAdditions.grant(spec.any("pod"));
        String access = spec.text("access").orElse(grant.isPresent() ? "Restricted" : "Open");
        return switch (access) {
            case "Open" -> {
                grant.ifPresent(reason -> problems.accept("spec.access", "must be Restricted, is Open: " + reason));
                yield Access.OPEN;
            }
            case "Restricted" -> Access.RESTRICTED;
            default -> {
                problems.accept(
                        "spec.access",
                        "must be Open or Restricted, is " + access
                                + Nearest.question(access, List.of("Open", "Restricted")));
                yield Access.RESTRICTED;
            }
        };
    }

    private List<Template> volumes(Fields spec, TemplateCompiler templates) {
        List<Template> volumes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields volume : spec.maps("volumes")) {
            String name = volume.requiredText("name");
            if (!name.isEmpty() && !names.add(name)) {
                problems.accept(volume.path("name"), "the volume '" + name + "' is defined twice");
            }
            volumes.add(templates.compile(volume.tree(), NAMED_VOLUME, volume.path()));
        }
        return volumes;
    }

    private static Map<String, Template> templates(Fields owner, Map<String, Type> types, TemplateCompiler templates) {
        Map<String, Template> compiled = new LinkedHashMap<>();
        types.forEach((field, type) -> {
            JsonNode tree = owner.any(field);
            if (!tree.isMissingNode()) {
                compiled.put(field, templates.compile(tree, type, owner.path(field)));
            }
        });
        owner.refuseOthers();
        return compiled;
    }

    /** The type of the variable {@code params}. */
    static Struct params() {
        return new Struct("params");
    }
}
