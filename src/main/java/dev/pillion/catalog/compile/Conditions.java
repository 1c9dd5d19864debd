package dev.pillion.catalog.compile;

import dev.pillion.expression.Expression;
import dev.pillion.expression.ExpressionCompiler;
import dev.pillion.expression.ExpressionException;
import dev.pillion.expression.TemplateCompiler;
import java.util.Optional;

/** Reads conditions: fields that are one expression, without {@code ${…}} around it. */
final class Conditions {

    private final Problems problems;

    Conditions(Problems problems) {
        this.problems = problems;
    }

    /** The condition that stands in the field {@code expression}; empty when something is wrong with it, which is then among the problems. */
    Optional<Expression> read(Fields owner, ExpressionCompiler expressions) {
        String source = owner.requiredText("expression");
        if (source.isEmpty()) {
            return Optional.empty();
        }
        String path = owner.path("expression");
        Optional<String> inBraces = TemplateCompiler.onlyExpression(source);
        if (inBraces.isPresent()) {
            problems.accept(path, "is an expression without ${…}; write " + inBraces.get());
            return Optional.empty();
        }
        try {
            return Optional.of(expressions.condition(source));
        } catch (ExpressionException e) {
            problems.accept(path, e.getMessage());
            return Optional.empty();
        }
    }
}
