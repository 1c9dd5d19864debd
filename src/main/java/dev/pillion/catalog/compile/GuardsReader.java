package dev.pillion.catalog.compile;

import dev.pillion.catalog.Guard;
import dev.pillion.expression.Expression;
import dev.pillion.expression.ExpressionCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the guards and warnings of a profile.
 *
 * @param problems receives the problems of expressions
 */
record GuardsReader(Problems problems) {

    List<Guard> read(Fields spec, String field, ExpressionCompiler expressions) {
        List<Guard> guards = new ArrayList<>();
        Conditions conditions = new Conditions(problems);
        for (Fields guard : spec.maps(field)) {
            String name = guard.requiredText("name");
            Optional<Expression> condition = conditions.read(guard, expressions);
            String message = guard.requiredText("message");
            guard.refuseOthers();
            condition.ifPresent(compiled -> compiled.optionalRead(Set.of())
                    .ifPresent(read -> guard.report("expression", compiled + ": " + read)));
            condition.ifPresent(compiled -> guards.add(new Guard(name, compiled, message)));
        }
        return guards;
    }
}
