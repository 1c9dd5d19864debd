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
 * Recalls what a program gave for the same values. An expression looks at few fields, which are alike in most Pods; to compare them costs a
 * tenth of working it out. Errors are not recalled, nor anything that came of a list or a map.
 */
final class MemoizedProgram implements Expression.Program {

    private static final int MOST = 64;

    /** In characters: of one value that is compared. */
    private static final int LONGEST = 128;

    private final Expression.Program program;
    private final List<String[]> paths;
    private final Map<List<Object>, Object> results = new ConcurrentHashMap<>();

    /** @param paths all that the program reads, as {@link Paths} has it */
    MemoizedProgram(Expression.Program program, Collection<String> paths) {
        this.program = program;
        this.paths = paths.stream().map(path -> path.split("\\.", -1)).toList();
    }

    @Override
    public Object run(Variables variables) throws CelEvaluationException {
        @Nullable List<Object> inputs = inputs(variables);
        if (inputs == null) {
            return program.run(variables);
        }
        Object known = results.get(inputs);
        if (known != null) {
            return known;
        }
        Object result = program.run(variables);
        if (results.size() >= MOST) {
            results.clear();
        }
        results.put(inputs, result);
        return result;
    }

    private @Nullable List<Object> inputs(Variables variables) {
        List<Object> inputs = new ArrayList<>(paths.size());
        for (String[] path : paths) {
            // What is no variable is one of the expression's own, of a macro.
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
            case String text -> text.length() <= LONGEST;
            case Long _, Double _, Boolean _, Variables.Absent _ -> true;
            default -> false;
        };
    }
}
