package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.FileTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.expression.Expression;
import dev.pillion.expression.ExpressionException;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Template;
import dev.pillion.expression.Template.Interpolated;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.pod.DnsLabel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the containers of a profile: Pillion's own fields on them, and the Kubernetes container that is the rest. */
final class ContainerReader {

    /** Pillion's own fields on a container. */
    static final Set<String> OWN_FIELDS = Set.of("forEach", "when", "critical", "order", "inherit", "files");

    private static final String ANY_NAME = "[-a-z0-9]+";

    private final Problems problems;
    private final ForEachReader repetitions;

    ContainerReader(Problems problems) {
        this.problems = problems;
        this.repetitions = new ForEachReader(problems);
    }

    List<ContainerTemplate> read(Fields spec, TemplateCompiler templates) {
        List<ContainerTemplate> containers = new ArrayList<>();
        Map<String, Boolean> always = new HashMap<>();
        for (Role role : Role.values()) {
            for (Fields fields : spec.maps(role.field())) {
                ContainerTemplate container = container(role, fields, templates);
                boolean present = container.when().isEmpty();
                @Nullable Boolean other = always.put(container.name(), present);
                if (other != null && (present || other)) {
                    problems.accept(
                            fields.path("name"),
                            "two containers of this profile are called '" + container.name() + "'");
                }
                containers.add(container);
            }
        }
        return containers;
    }

    private ContainerTemplate container(Role role, Fields fields, TemplateCompiler outer) {
        Optional<Repeat> forEach = repetitions.read(fields, outer);
        TemplateCompiler templates = ForEachReader.within(forEach, outer);
        Optional<Expression> when = when(fields, templates);
        templates = templates.given(when.stream().toList());
        boolean critical = fields.flag("critical", false);
        Optional<Expression> orderOf = orderOf(fields, templates);
        int order =
                isExpression(fields.any("order")) ? role.defaultOrder() : fields.integer("order", role.defaultOrder());
        Set<Inherited> inherited = inherited(fields);
        List<FileTemplate> files = files(fields, templates);

        ObjectNode body = fields.others();
        String name = name(body, fields, forEach);
        checkLifecycle(role, critical, body, fields);
        checkImage(body.path("image"), inherited, fields.path("image"));
        Hardening.apply(body);
        Template compiled = templates.compile(body, KubernetesSchema.CONTAINER, fields.path());
        return new ContainerTemplate(
                role, name, names(compiled, name), order, orderOf, critical, when, forEach, inherited, files, compiled);
    }

    private void checkImage(JsonNode image, Set<Inherited> inherited, String path) {
        if (image.isMissingNode()
                || image.isNull()
                || (image.isTextual() && image.textValue().isBlank())) {
            if (!inherited.contains(Inherited.IMAGE)) {
                problems.accept(path, "is missing");
            }
        } else {
            ParameterType.IMAGE.problemOf(image).ifPresent(problem -> problems.accept(path, problem));
        }
    }

    private String name(JsonNode body, Fields fields, Optional<Repeat> forEach) {
        String name = body.path("name").asText("");
        if (name.isEmpty()) {
            problems.accept(fields.path("name"), "is missing");
        } else if (!name.contains("${") && !DnsLabel.isValid(name)) {
            problems.accept(fields.path("name"), "must be lower-case letters, digits and hyphens, is '" + name + "'");
        } else if (forEach.isPresent() && !name.contains("${")) {
            problems.accept(
                    fields.path("name"),
                    "must hold ${" + forEach.get().variable()
                            + "…}, or the containers of its elements are all called the same");
        }
        return name;
    }

    /** A name's fixed parts as they are, its expressions as anything that a name can hold. */
    private static com.google.re2j.Pattern names(Template body, String name) {
        Template compiled = body instanceof Template.Fields(Map<String, Template> fields)
                ? fields.getOrDefault("name", body)
                : body;
        StringBuilder pattern = new StringBuilder();
        switch (compiled) {
            case Template.Whole whole -> pattern.append(ANY_NAME);
            case Interpolated(List<Interpolated.Part> parts) -> {
                for (Interpolated.Part part : parts) {
                    pattern.append(
                            switch (part) {
                                case Interpolated.Text(String text) -> com.google.re2j.Pattern.quote(text);
                                case Interpolated.Value value -> ANY_NAME;
                            });
                }
            }
            case Template.Constant constant -> pattern.append(com.google.re2j.Pattern.quote(name));
            case Template.Fields others -> pattern.append(com.google.re2j.Pattern.quote(name));
            case Template.Elements others -> pattern.append(com.google.re2j.Pattern.quote(name));
        }
        return com.google.re2j.Pattern.compile(pattern.toString());
    }

    private void checkLifecycle(Role role, boolean critical, JsonNode body, Fields fields) {
        if (body.has("restartPolicy")) {
            problems.accept(
                    fields.path("restartPolicy"),
                    "is set by Pillion; a container that runs beside the app belongs under spec.sidecars, one that ends before it under spec.initContainers");
        }
        if (role == Role.INIT) {
            if (critical) {
                problems.accept(
                        fields.path("critical"),
                        "only a sidecar can be critical; an init container always holds the app back");
            }
            return;
        }
        for (String probe : List.of("startupProbe", "readinessProbe")) {
            if (critical && !body.has(probe)) {
                problems.accept(
                        fields.path(probe), "is missing; a critical sidecar has a startupProbe and a readinessProbe");
            }
            if (!critical && body.has(probe)) {
                problems.accept(
                        fields.path(probe),
                        "would hold the app back; set critical: true if the app cannot do without this sidecar, or leave the probe out");
            }
        }
    }

    private Optional<Expression> when(Fields fields, TemplateCompiler templates) {
        JsonNode tree = fields.any("when");
        if (tree.isMissingNode()) {
            return Optional.empty();
        }
        return repetitions.expression(tree, fields.path("when"), templates).flatMap(condition -> {
            try {
                return Optional.of(templates.expressions().condition(condition.source()));
            } catch (ExpressionException e) {
                problems.accept(fields.path("when"), e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** An order that a parameter sets, as {@code ${params.order}}. */
    private Optional<Expression> orderOf(Fields fields, TemplateCompiler templates) {
        JsonNode tree = fields.any("order");
        if (!isExpression(tree)) {
            return Optional.empty();
        }
        return repetitions.expression(tree, fields.path("order"), templates).filter(order -> {
            boolean integer = order.type() == Scalar.INTEGER || order.type() == Scalar.ANY;
            if (!integer) {
                problems.accept(
                        fields.path("order"), "must be an integer; ${" + order.source() + "} is " + order.type());
            }
            return integer;
        });
    }

    private static boolean isExpression(JsonNode tree) {
        return TemplateCompiler.onlyExpression(tree.asText("")).isPresent();
    }

    private Set<Inherited> inherited(Fields fields) {
        Set<Inherited> inherited = EnumSet.noneOf(Inherited.class);
        List<String> words =
                Arrays.stream(Inherited.values()).map(Inherited::field).toList();
        int index = 0;
        for (String word : fields.texts("inherit")) {
            String place = fields.path("inherit") + "[" + index++ + "]";
            Arrays.stream(Inherited.values())
                    .filter(known -> known.field().equals(word))
                    .findAny()
                    .ifPresentOrElse(
                            inherited::add,
                            () -> problems.accept(
                                    place, "'" + word + "' cannot be inherited" + Nearest.hint(word, words)));
        }
        return inherited;
    }

    private List<FileTemplate> files(Fields fields, TemplateCompiler templates) {
        List<FileTemplate> files = new ArrayList<>();
        for (Fields file : fields.maps("files")) {
            String path = file.requiredText("path");
            if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/") || path.lastIndexOf('/') == 0)) {
                problems.accept(
                        file.path("path"),
                        "must be an absolute path to a file in a directory of its own, is '" + path + "'");
            }
            JsonNode content = file.any("content");
            if (content.isMissingNode()) {
                problems.accept(file.path("content"), "is missing");
            }
            if (content.isTextual()
                    && content.textValue().replace("$${", "").contains("${")
                    && TemplateCompiler.onlyExpression(content.textValue()).isEmpty()) {
                problems.accept(
                        file.path("content"),
                        "is a text with ${…} in it, which a value could break out of; write it as a tree, or hand the value over in env");
            }
            files.add(new FileTemplate(
                    when(file, templates),
                    path.isEmpty()
                            ? Template.nothing()
                            : templates.compile(file.any("path"), Scalar.STRING, file.path("path")),
                    templates.compile(content, Scalar.ANY, file.path("content"))));
            file.refuseOthers();
        }
        return files;
    }
}
