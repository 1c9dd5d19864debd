package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.expression.Expression;
import dev.pillion.expression.ExpressionException;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.TemplateText;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.UnquotedExpression;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code forEach}, which repeats a container or a shared directory for each element of a list. */
final class ForEachReader {

    private static final Set<String> VARIABLES = Set.of("params", "pod", "namespace", "app", "cluster");
    private static final Pattern VARIABLE = Pattern.compile("[a-z][a-zA-Z0-9]*");

    private final Problems problems;

    ForEachReader(Problems problems) {
        this.problems = problems;
    }

    /** The variable and its list; empty if there is no field or it has a problem. */
    Optional<Repeat> read(Fields fields, TemplateCompiler templates) {
        JsonNode tree = fields.any("forEach");
        if (tree.isMissingNode()) {
            return Optional.empty();
        }
        String path = fields.path("forEach");
        if (!tree.isObject() || tree.size() != 1) {
            problems.accept(path, "must be one variable and its list, such as {target: \"${params.targets}\"}");
            return Optional.empty();
        }
        Map.Entry<String, JsonNode> entry = tree.properties().iterator().next();
        String variable = entry.getKey();
        if (!VARIABLE.matcher(variable).matches() || VARIABLES.contains(variable)) {
            problems.accept(
                    path,
                    "'" + variable + "' cannot be the variable's name; use a word of letters that is not "
                            + String.join(", ", VARIABLES.stream().sorted().toList()));
            return Optional.empty();
        }
        return expression(entry.getValue(), path + "." + variable, templates).flatMap(elements -> {
            if (elements.type() instanceof ListOf || elements.type() == Scalar.ANY) {
                return Optional.of(new Repeat(variable, elements));
            }
            problems.accept(
                    path + "." + variable, "must be a list; ${" + elements.source() + "} is " + elements.type());
            return Optional.empty();
        });
    }

    /** The compiler for the repeated part, which knows the variable. */
    static TemplateCompiler within(Optional<Repeat> forEach, TemplateCompiler outer) {
        return forEach.map(repeat -> outer.given(List.of(repeat.elements()))
                        .with(repeat.variable(), elementType(repeat.elements().type())))
                .orElse(outer);
    }

    Optional<Expression> expression(JsonNode tree, String path, TemplateCompiler templates) {
        Optional<String> source = TemplateText.onlyExpression(tree.asText(""));
        if (source.isEmpty()) {
            problems.accept(path, UnquotedExpression.inTree(tree).orElseGet(() -> "must be one ${…}, is " + tree));
            return Optional.empty();
        }
        try {
            return Optional.of(templates.expression(source.get()));
        } catch (ExpressionException e) {
            problems.accept(path, e.getMessage());
            return Optional.empty();
        }
    }

    private static Type elementType(Type list) {
        return list instanceof ListOf(Type element) ? element : Scalar.ANY;
    }
}
