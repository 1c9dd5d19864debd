package dev.pillion.expression;

import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Caches the results of a program by the values that it reads. An expression reads few fields, and they have the same values in most Pods.
 * A cache hit takes a tenth of the time of an evaluation. Errors are not cached, and neither are results that depend on a list or a map.
 */
final class MemoizedProgram implements Expression.Program {

    private static final int MAX_RESULTS = 64;

    /** The maximum length of a value that is compared, in characters. */
    private static final int MAX_LENGTH = 128;

    private final Expression.Program program;
    private final List<String[]> paths;
    private final Map<List<Object>, Object> results = new ConcurrentHashMap<>();

    /** @param paths all fields that the program reads, as {@link Paths} finds them */
    MemoizedProgram(Expression.Program program, Collection<FieldPath> paths) {
        this.program = program;
        this.paths =
                paths.stream().map(path -> path.names().toArray(String[]::new)).toList();
    }

    @Override
    public Object run(Variables variables) throws CelEvaluationException {
        @Nullable List<Object> inputs = inputs(variables);
        if (inputs == null) {
            return program.run(variables);
        }
        Object cached = results.get(inputs);
        if (cached != null) {
            return cached;
        }
        Object result = program.run(variables);
        if (results.size() >= MAX_RESULTS) {
            results.clear();
        }
        results.put(inputs, result);
        return result;
    }

    private @Nullable List<Object> inputs(Variables variables) {
        List<Object> inputs = new ArrayList<>(paths.size());
        for (String[] path : paths) {
            // A name that is no variable belongs to a macro of the expression.
            Optional<Object> input = variables.at(path);
            if (input.isPresent()) {
                if (!isPlain(input.get())) {
                    return null;
                }
                inputs.add(input.get());
            }
        }
        return inputs;
    }

    private static boolean isPlain(Object value) {
        return switch (value) {
            case String text -> text.length() <= MAX_LENGTH;
            case Long _, Double _, Boolean _, Variables.Absent _ -> true;
            default -> false;
        };
    }
}
