package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Template.Interpolated;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Compiles JSON trees with {@code ${…}} in their strings, and checks each against the field that it fills. */
public final class TemplateCompiler {

    private final ExpressionCompiler expressions;
    private final Conformance conformance;
    private final BiConsumer<String, String> problems;
    private final Optional<Set<String>> tested;

    /** @param problems receives the place (for example {@code spec.sidecars[0].image}) and the message of each mistake */
    public TemplateCompiler(ExpressionCompiler expressions, BiConsumer<String, String> problems) {
        this(expressions, problems, Optional.empty());
    }

    /** @param tested the fields whose presence is tested elsewhere; empty if reads of optional fields are not reported */
    private TemplateCompiler(
            ExpressionCompiler expressions, BiConsumer<String, String> problems, Optional<Set<String>> tested) {
        this.expressions = expressions;
        this.conformance = new Conformance(expressions.schema());
        this.problems = problems;
        this.tested = tested;
    }

    public ExpressionCompiler expressions() {
        return expressions;
    }

    /** A compiler with one more variable. */
    public TemplateCompiler with(String name, Type type) {
        return new TemplateCompiler(expressions.with(name, type), problems, tested);
    }

    /** A compiler that reports reads of optional fields, unless one of these conditions tests their presence. */
    public TemplateCompiler given(Collection<Expression> conditions) {
        Set<String> all = new HashSet<>(tested.orElse(Set.of()));
        conditions.forEach(condition -> all.addAll(condition.testedPaths()));
        return new TemplateCompiler(expressions, problems, Optional.of(all));
    }

    /** Compiles one expression. */
    public Expression expression(String source) throws ExpressionException {
        Expression expression = expressions.compile(source);
        Optional<String> problem = optionalRead(expression);
        if (problem.isPresent()) {
            throw new ExpressionException(problem.get());
        }
        return expression;
    }

    /** Compiles a tree of the given type. Mistakes are reported, and the result does not contain them. */
    public Template compile(JsonNode tree, Type type, String place) {
        if (tree.isTextual()) {
            return text(tree.textValue(), type, place);
        }
        Optional<String> unquoted = UnquotedExpression.inTree(tree);
        if (unquoted.isPresent()) {
            problems.accept(place, unquoted.get());
            return Template.nothing();
        }
        if (tree.isObject() && !(type instanceof ListOf) && (!(type instanceof Scalar) || type == Scalar.ANY)) {
            Map<String, Template> fields = new LinkedHashMap<>();
            tree.properties().forEach(field -> {
                if (field.getKey().contains("${")) {
                    problems.accept(place, "a field's name cannot be an expression: '" + field.getKey() + "'");
                }
                fields.put(
                        field.getKey(),
                        compile(
                                field.getValue(),
                                expressions.schema().fieldType(type, field.getKey()),
                                place + "." + field.getKey()));
            });
            return folded(new Template.Fields(fields), fields.values());
        }
        if (tree.isArray() && (type instanceof ListOf || type == Scalar.ANY)) {
            Type elementType = type instanceof ListOf(Type element) ? element : Scalar.ANY;
            List<Template> elements = new ArrayList<>();
            for (int index = 0; index < tree.size(); index++) {
                elements.add(compile(tree.get(index), elementType, place + "[" + index + "]"));
            }
            return folded(new Template.Elements(elements), elements);
        }
        return constant(tree, type, place);
    }

    private Template text(String text, Type type, String place) {
        try {
            List<Interpolated.Part> parts = parts(text, type == Scalar.EXPANDED_STRING);
            if (parts.size() == 1
                    && parts.getFirst() instanceof Interpolated.Value(Expression whole, boolean expanded)) {
                return whole(whole, type, place);
            }
            if (parts.stream().allMatch(Interpolated.Text.class::isInstance)) {
                return constant(TextNode.valueOf(TemplateText.literal(parts)), type, place);
            }
            if (!Conformance.assignable(type, Scalar.STRING)) {
                problems.accept(place, "must be " + type + "; a text with ${…} inside it is always a string");
                return Template.nothing();
            }
            parts.forEach(part -> {
                if (part instanceof Interpolated.Value(Expression expression, boolean _)) {
                    reportOptionalRead(expression, place);
                }
            });
            return new Interpolated(parts);
        } catch (ExpressionException e) {
            problems.accept(place, e.getMessage());
            return Template.nothing();
        }
    }

    private Template whole(Expression expression, Type type, String place) {
        if (!Conformance.assignable(type, expression.type())) {
            boolean alike = type.toString().equals(expression.type().toString());
            String expected = alike ? type.detail() : type.toString();
            String actual =
                    alike ? expression.type().detail() : expression.type().toString();
            problems.accept(
                    place,
                    "must be " + expected + "; " + expression + " is " + actual
                            + (Conformance.assignable(type, Scalar.STRING) && expression.type() instanceof Scalar
                                    ? "; write ${string(" + expression.source() + ")}"
                                    : ""));
            return Template.nothing();
        }
        reportOptionalRead(expression, place);
        return new Template.Whole(expression, type, conformance);
    }

    private void reportOptionalRead(Expression expression, String place) {
        optionalRead(expression).ifPresent(problem -> problems.accept(place, problem));
    }

    private Optional<String> optionalRead(Expression expression) {
        return tested.flatMap(expression::optionalRead).map(read -> expression + ": " + read);
    }

    private Template constant(JsonNode value, Type type, String place) {
        Optional<String> problem = value.isNull() ? Optional.empty() : conformance.problem(value, type);
        if (problem.isPresent()) {
            problems.accept(place, problem.get());
            return Template.nothing();
        }
        return new Template.Constant(value);
    }

    private static Template folded(Template template, Iterable<Template> parts) {
        for (Template part : parts) {
            if (!(part instanceof Template.Constant(JsonNode value)) || value.isMissingNode()) {
                return template;
            }
        }
        try {
            return new Template.Constant(template.render(Variables.none()));
        } catch (EvaluationException e) {
            throw new IllegalStateException("a tree without expressions must render", e);
        }
    }

    private List<Interpolated.Part> parts(String text, boolean expanded) throws ExpressionException {
        List<Interpolated.Part> parts = new ArrayList<>();
        for (TemplateScanner.Piece piece : TemplateScanner.scan(text)) {
            parts.add(
                    switch (piece) {
                        case TemplateScanner.Literal(String literal) -> new Interpolated.Text(literal);
                        case TemplateScanner.Code(String source) ->
                            new Interpolated.Value(insideText(expressions.compile(source), text, source), expanded);
                    });
        }
        return parts;
    }

    private static Expression insideText(Expression expression, String text, String source) throws ExpressionException {
        boolean whole = text.length() == source.length() + "${}".length();
        if (!whole && (expression.optional() || !(expression.type() instanceof Scalar))) {
            throw new ExpressionException(expression + " is "
                    + (expression.optional() ? "an optional" : expression.type())
                    + " and cannot be part of a text; only a string, a number or a boolean can");
        }
        return expression;
    }
}
