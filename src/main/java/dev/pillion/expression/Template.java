package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.limit.ValueLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A compiled JSON tree with {@code ${…}} in its strings. A string that is one whole {@code ${…}} has the type of the expression. In a longer
 * string the value is inserted as text. {@code $${} is a literal <code>${</code>.
 */
public sealed interface Template {

    /**
     * The tree for these values. It is missing if an optional expression has no value: the field or element is left out.
     *
     * @throws EvaluationException if an expression has no value, or one that does not fit its field
     */
    JsonNode render(Variables variables) throws EvaluationException;

    /** All expressions in it. */
    default Stream<Expression> expressions() {
        return switch (this) {
            case Constant _ -> Stream.empty();
            case Whole whole -> Stream.of(whole.expression());
            case Interpolated(List<Interpolated.Part> parts) ->
                parts.stream().filter(Interpolated.Value.class::isInstance).map(part -> ((Interpolated.Value) part)
                        .expression());
            case Fields(Map<String, Template> fields) ->
                fields.values().stream().flatMap(Template::expressions);
            case Elements(List<Template> elements) -> elements.stream().flatMap(Template::expressions);
        };
    }

    /** A tree without expressions. */
    record Constant(JsonNode value) implements Template {
        @Override
        public JsonNode render(Variables variables) {
            return value.deepCopy();
        }
    }

    /** One whole {@code ${…}}. */
    final class Whole implements Template {
        private final Expression expression;
        private final Type type;
        private final Conformance conformance;

        Whole(Expression expression, Type type, Conformance conformance) {
            this.expression = expression;
            this.type = type;
            this.conformance = conformance;
        }

        public Expression expression() {
            return expression;
        }

        @Override
        public JsonNode render(Variables variables) throws EvaluationException {
            JsonNode value = expression.evaluate(variables);
            if (value.isMissingNode()) {
                return value;
            }
            Optional<String> problem = conformance.problem(value, type);
            if (problem.isPresent()) {
                throw new EvaluationException(expression + ": " + problem.get());
            }
            return conformance.escaped(value, type);
        }
    }

    /** Text with {@code ${…}} in it. */
    record Interpolated(List<Part> parts) implements Template {

        public sealed interface Part {}

        public record Text(String text) implements Part {}

        /** @param expanded whether the kubelet expands {@code $(NAME)} here */
        public record Value(Expression expression, boolean expanded) implements Part {}

        @Override
        public JsonNode render(Variables variables) throws EvaluationException {
            StringBuilder text = new StringBuilder();
            for (Part part : parts) {
                text.append(
                        switch (part) {
                            case Text(String literal) -> literal;
                            case Value(Expression expression, boolean expanded) ->
                                textOf(expression, expanded, variables);
                        });
                if (text.length() > ValueLimits.MAX_SIZE) {
                    throw EvaluationException.tooLarge(
                            "the text has more than " + ValueLimits.MAX_SIZE + " characters");
                }
            }
            return TextNode.valueOf(text.toString());
        }

        private static String textOf(Expression expression, boolean expanded, Variables variables)
                throws EvaluationException {
            JsonNode value = expression.evaluate(variables);
            if (!value.isValueNode() || value.isNull()) {
                throw new EvaluationException(expression + ": a list, a map or nothing cannot be part of a text");
            }
            return expanded ? Conformance.escaped(value.asText()) : value.asText();
        }
    }

    record Fields(Map<String, Template> fields) implements Template {

        public Fields {
            fields = new LinkedHashMap<>(fields);
        }

        @Override
        public JsonNode render(Variables variables) throws EvaluationException {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, Template> field : fields.entrySet()) {
                JsonNode value = field.getValue().render(variables);
                if (!value.isMissingNode()) {
                    object.set(field.getKey(), value);
                }
            }
            return object;
        }
    }

    record Elements(List<Template> elements) implements Template {

        @Override
        public JsonNode render(Variables variables) throws EvaluationException {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(elements.size());
            for (Template element : elements) {
                JsonNode value = element.render(variables);
                if (!value.isMissingNode()) {
                    array.add(value);
                }
            }
            return array;
        }
    }

    /** A template without a value: its field is left out. */
    static Template nothing() {
        return new Constant(MissingNode.getInstance());
    }
}
