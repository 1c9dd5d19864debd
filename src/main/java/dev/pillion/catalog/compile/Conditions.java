package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Expression;
import dev.pillion.expression.ExpressionCompiler;
import dev.pillion.expression.ExpressionException;
import dev.pillion.expression.TemplateCompiler;
import dev.pillion.expression.TemplateText;
import java.util.Optional;

/** Reads conditions: expressions that are true or false. */
final class Conditions {

    private final Problems problems;

    Conditions(Problems problems) {
        this.problems = problems;
    }

    /** The condition in the field {@code expression}, without {@code ${…}} around it; empty if it has a problem. */
    Optional<Expression> read(Fields owner, ExpressionCompiler expressions) {
        String source = owner.requiredText("expression");
        if (source.isEmpty()) {
            return Optional.empty();
        }
        String path = owner.path("expression");
        Optional<String> inBraces = TemplateText.onlyExpression(source);
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

    /** The condition in the field {@code when}, with {@code ${…}} around it; empty if there is none or it has a problem. */
    Optional<Expression> when(Fields owner, TemplateCompiler templates) {
        JsonNode tree = owner.any("when");
        if (tree.isMissingNode()) {
            return Optional.empty();
        }
        return new ForEachReader(problems)
                .expression(tree, owner.path("when"), templates)
                .flatMap(condition -> {
                    try {
                        return Optional.of(templates.expressions().condition(condition.source()));
                    } catch (ExpressionException e) {
                        problems.accept(owner.path("when"), e.getMessage());
                        return Optional.empty();
                    }
                });
    }
}
