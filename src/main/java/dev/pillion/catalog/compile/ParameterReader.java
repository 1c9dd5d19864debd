package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.catalog.parameter.ParameterNames;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.catalog.parameter.ResourceBounds;
import dev.pillion.expression.CheckedExpressions;
import dev.pillion.expression.ExpressionCompiler;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Schema;
import dev.pillion.expression.Template;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the parameters of a profile. */
final class ParameterReader {

    private static final Pattern NAME = Pattern.compile("[a-z][a-zA-Z0-9]{0,62}");

    private final Schema schema;
    private final Map<String, Type> podVariables;
    private final CheckedExpressions checked;
    private final Problems problems;

    /** @param checked expressions of the profile that were checked before */
    ParameterReader(Schema schema, Map<String, Type> podVariables, CheckedExpressions checked, Problems problems) {
        this.schema = schema;
        this.podVariables = podVariables;
        this.checked = checked;
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
                problems.accept(fields.path("name"), "the parameter '" + parameter.name() + "' is defined twice");
            }
        }
        return parameters;
    }

    /** The compiler of expressions that can read the Pod and these parameters. */
    ExpressionCompiler compiler(Collection<Parameter> parameters) {
        Map<String, Type> types = new LinkedHashMap<>();
        parameters.forEach(
                parameter -> types.put(parameter.name(), parameter.type().type()));
        Map<String, Type> variables = new HashMap<>(podVariables);
        variables.put("params", ProfileReader.params());
        return new ExpressionCompiler(schema.with(ProfileReader.params().name(), types), variables, checked);
    }

    private Parameter parameter(Fields fields, Collection<Parameter> earlier) {
        String name = fields.requiredText("name");
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            problems.accept(
                    fields.path("name"),
                    "must be letters and digits, with a lower-case letter first, is '" + name + "'");
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
                ParameterConstraints.pattern(fields),
                ParameterConstraints.bound(fields, "minimum", known),
                ParameterConstraints.bound(fields, "maximum", known),
                new ResourceBounds(
                        ParameterConstraints.amounts(fields, "atLeast", known),
                        ParameterConstraints.amounts(fields, "atMost", known)),
                known.isPresent() ? ParameterConstraints.values(fields, type) : fields.texts("values"),
                fields.flag("overridable", true));
        if (known.isEmpty()) {
            // A default cannot be checked without its type.
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
                    fields.path("required"), "a parameter with a default is never required; remove one of them");
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
