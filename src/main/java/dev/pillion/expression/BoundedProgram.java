package dev.pillion.expression;

import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.parser.Operator;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.pillion.expression.limit.LimitExceededException;
import dev.pillion.expression.limit.ValueLimits;
import dev.pillion.expression.limit.Work;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a CEL program and checks the value of each step. An evaluation stops before one value, or all values together, take too much
 * memory.
 */
record BoundedProgram(CelRuntime.Program program) implements Expression.Program {

    /** In characters and elements: the results of all functions of one evaluation together. */
    private static final long MAX_RESULTS = 4L * ValueLimits.MAX_SIZE;

    @Override
    public Object run(Variables variables) throws CelEvaluationException {
        long[] results = {0};
        Weights weights = new Weights();
        Work work = Work.begin();
        try {
            return program.trace(variables::get, (step, value) -> {
                if (Values.tooLarge(value)) {
                    throw ValueLimits.tooLarge();
                }
                if (step.getKind() == Kind.LIST || step.getKind() == Kind.MAP) {
                    weights.check(value);
                }
                if (step.getKind() == Kind.CALL) {
                    results[0] += size(step.call().function(), value);
                    if (results[0] > MAX_RESULTS) {
                        throw new LimitExceededException(
                                "its steps make more than " + MAX_RESULTS + " characters together");
                    }
                }
            });
        } finally {
            work.end();
        }
    }

    /** The size of a function's result. The sum of two lists is a view and takes no memory of its own. */
    private static int size(String function, @Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case Collection<?> collection when !function.equals(Operator.ADD.getFunction()) -> collection.size();
            case null, default -> 0;
        };
    }
}
