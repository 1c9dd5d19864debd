package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.catalog.parameter.ParameterNames;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.catalog.parameter.ResourceBounds;
import dev.pillion.catalog.parameter.ResourceForms;
import dev.pillion.catalog.parameter.ScalarForms;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.ExpressionCompiler;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.PatternLimits;
import dev.pillion.expression.Schema;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the parameters of a profile. */
final class ParameterReader {

    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("[a-z][a-zA-Z0-9]{0,62}");

    private final Schema schema;
    private final Map<String, Type> podVariables;
    private final Problems problems;

    ParameterReader(Schema schema, Map<String, Type> podVariables, Problems problems) {
        this.schema = schema;
        this.podVariables = podVariables;
        this.problems = problems;
    }

    Map<String, Parameter> read(Fields spec) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        boolean hasResources = false;
        for (Fields fields : spec.maps("parameters")) {
            Parameter parameter = parameter(fields, parameters.values());
            if (parameter.type() == ParameterType.RESOURCES) {
                if (hasResources) {
                    problems.accept(fields.path("type"), "only one parameter of a profile can be of type resources");
                }
                hasResources = true;
            }
            if (parameters.put(parameter.name(), parameter) != null) {
                problems.accept(fields.path("name"), "the parameter '" + parameter.name() + "' stands twice");
            }
        }
        return parameters;
    }

    /** Expressions over the Pod and these parameters. */
    ExpressionCompiler compiler(Collection<Parameter> parameters) {
        Map<String, Type> types = new LinkedHashMap<>();
        parameters.forEach(
                parameter -> types.put(parameter.name(), parameter.type().type()));
        Map<String, Type> variables = new HashMap<>(podVariables);
        variables.put("params", ProfileReader.params());
        return new ExpressionCompiler(schema.with(ProfileReader.params().name(), types), variables);
    }

    private Parameter parameter(Fields fields, Collection<Parameter> earlier) {
        String name = fields.requiredText("name");
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            problems.accept(
                    fields.path("name"),
                    "must be letters and digits that begin with a small letter, is '" + name + "'");
        }
        String meaning = ParameterNames.meaning(name);
        if (meaning != null) {
            problems.accept(
                    fields.path("name"),
                    "cannot be '" + name + "': the annotation <profile>.pillion.dev/" + name + " " + meaning
                            + "; choose another name");
        }
        Optional<ParameterType> known = type(fields);
        ParameterType type = known.orElse(ParameterType.STRING);
        Parameter parameter = new Parameter(
                name,
                type,
                fields.text("description").orElse(""),
                Optional.empty(),
                "",
                fields.flag("required", false),
                pattern(fields),
                bound(fields, "minimum", known),
                bound(fields, "maximum", known),
                new ResourceBounds(amounts(fields, "atLeast", known), amounts(fields, "atMost", known)),
                known.isPresent() ? values(fields, type) : fields.texts("values"),
                fields.flag("overridable", true));
        if (known.isEmpty()) {
            // Whether the default fits an unknown type, nobody can say.
            fields.any("default");
            fields.refuseOthers();
            return parameter;
        }
        if (parameter.minimum().isPresent()
                && parameter.maximum().isPresent()
                && parameter.minimum().get() > parameter.maximum().get()) {
            problems.accept(
                    fields.path("minimum"),
                    "must not be above maximum, is " + parameter.minimum().get() + " and "
                            + parameter.maximum().get());
        }
        Parameter complete = withDefault(parameter, fields, earlier);
        fields.refuseOthers();
        return complete;
    }

    private Optional<ParameterType> type(Fields fields) {
        String word = fields.requiredText("type");
        Optional<ParameterType> type = ParameterType.of(word);
        if (type.isEmpty() && !word.isEmpty()) {
            problems.accept(
                    fields.path("type"),
                    "unknown type '" + word + "'"
                            + Nearest.hint(word, ParameterType.words(), Synonyms.PARAMETER_TYPES));
        }
        return type;
    }

    private Optional<Pattern> pattern(Fields fields) {
        try {
            return fields.text("pattern").map(PatternLimits::compile);
        } catch (PatternSyntaxException e) {
            problems.accept(
                    fields.path("pattern"),
                    "is no RE2 expression: " + e.getDescription() + ": " + Excerpt.of(e.getPattern()));
            return Optional.empty();
        }
    }

    private Optional<Long> bound(Fields fields, String field, Optional<ParameterType> type) {
        Optional<Long> bound = fields.integer(field);
        if (bound.isPresent()
                && type.isPresent()
                && type.get() != ParameterType.INTEGER
                && type.get() != ParameterType.PORT) {
            problems.accept(
                    fields.path(field),
                    "only an integer or a port has one; a " + type.get().word() + " has not");
        }
        return bound;
    }

    private Map<String, String> amounts(Fields fields, String field, Optional<ParameterType> known) {
        Map<String, String> amounts = new LinkedHashMap<>();
        JsonNode tree = fields.any(field);
        if (tree.isMissingNode() || known.isEmpty()) {
            return amounts;
        }
        ParameterType type = known.get();
        if (type != ParameterType.RESOURCES || !tree.isObject()) {
            problems.accept(
                    fields.path(field),
                    type == ParameterType.RESOURCES
                            ? "must be a map of amounts, as {cpu: 100m, memory: 64Mi}"
                            : "only a parameter of type resources has one; a " + type.word() + " has not");
            return amounts;
        }
        for (Map.Entry<String, JsonNode> amount : tree.properties()) {
            String path = fields.path(field) + "." + amount.getKey();
            if (!ResourceForms.RESOURCES.contains(amount.getKey())) {
                problems.accept(
                        path,
                        "unknown resource '" + amount.getKey() + "'"
                                + Nearest.hint(amount.getKey(), ResourceForms.RESOURCES));
            }
            try {
                amounts.put(
                        amount.getKey(), ScalarForms.quantity(amount.getValue().asText()));
            } catch (InvalidValueException e) {
                problems.accept(path, e.getMessage());
            }
        }
        return amounts;
    }

    private List<String> values(Fields fields, ParameterType type) {
        List<String> values = fields.texts("values");
        boolean given = fields.any("values").isArray()
                ? !values.isEmpty()
                : !fields.any("values").isMissingNode();
        if ((type == ParameterType.ENUM) != given) {
            problems.accept(
                    fields.path("values"),
                    type == ParameterType.ENUM ? "is missing; an enum lists its values" : "only an enum has values");
        }
        return values;
    }

    private Parameter withDefault(Parameter parameter, Fields fields, Collection<Parameter> earlier) {
        JsonNode tree = fields.any("default");
        if (tree.isMissingNode()) {
            if (!parameter.overridable()) {
                problems.accept(fields.path("default"), "is missing; a parameter that is not overridable needs one");
            }
            return parameter;
        }
        if (parameter.required()) {
            problems.accept(
                    fields.path("required"), "a parameter with a default is never required; leave one of them out");
        }
        Template template = template(parameter, tree, fields.path("default"), earlier);
        return new Parameter(
                parameter.name(),
                parameter.type(),
                parameter.description(),
                Optional.of(template),
                tree.isValueNode() ? tree.asText() : tree.toString(),
                false,
                parameter.pattern(),
                parameter.minimum(),
                parameter.maximum(),
                parameter.resources(),
                parameter.values(),
                parameter.overridable());
    }

    private Template template(Parameter parameter, JsonNode tree, String path, Collection<Parameter> earlier) {
        Template template = tree.toString().contains("${")
                ? new TemplateCompiler(compiler(earlier), problems)
                        .compile(tree, parameter.type().type(), path)
                : new Template.Constant(tree);
        if (!(template instanceof Template.Constant(JsonNode value)) || value.isMissingNode()) {
            return template;
        }
        try {
            return new Template.Constant(parameter.read(value));
        } catch (InvalidValueException e) {
            problems.accept(path, e.getMessage());
            return Template.nothing();
        }
    }
}
