package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import java.util.Optional;
import java.util.Set;

/** One CEL expression, compiled and type-checked. Thread-safe. */
public final class Expression {

    private final String source;
    private final Type type;
    private final boolean optional;
    private final Set<String> paths;
    private final OptionalReads.Found optionalReads;
    private final Program program;

    /**
     * @param paths what it reads of the variables, each as far as it is named: {@code pod.spec.securityContext}
     * @param optionalReads the fields that it reads though they may be absent, and those whose presence it tests
     */
    Expression(
            String source,
            Type type,
            boolean optional,
            Set<String> paths,
            OptionalReads.Found optionalReads,
            Program program) {
        this.optionalReads = optionalReads;
        this.source = source;
        this.type = type;
        this.optional = optional;
        this.paths = Set.copyOf(paths);
        this.program = program;
    }

    public String source() {
        return source;
    }

    /** The type of the result; for an optional one that of its value. */
    public Type type() {
        return type;
    }

    /** Whether the result is CEL's {@code optional}: a field that it fills is left out when there is no value. */
    public boolean optional() {
        return optional;
    }

    /** Whether a variable is named in it. */
    public boolean mentions(String variable) {
        return paths.stream().anyMatch(path -> path.equals(variable) || path.startsWith(variable + "."));
    }

    /** What it reads of the variables, each as far as it is named: {@code pod.spec.securityContext}, or {@code pod} for all of it. */
    public Set<String> paths() {
        return paths;
    }

    /** The first field that it reads, that may be absent, and whose presence neither the expression nor another one tests. */
    public Optional<OptionalRead> optionalRead(Set<String> testedElsewhere) {
        return optionalReads.reads().stream()
                .filter(read -> !testedElsewhere.contains(read.path()))
                .findFirst();
    }

    /** The fields whose presence it tests. */
    public Set<String> testedPaths() {
        return optionalReads.tested();
    }

    /**
     * The result as JSON; missing for an optional without a value.
     *
     * @throws EvaluationException when there is no result for these values
     */
    public JsonNode evaluate(Variables variables) throws EvaluationException {
        Object result = run(variables);
        if (result instanceof Optional<?> box) {
            result = box.orElse(null);
            if (result == null) {
                return MissingNode.getInstance();
            }
        }
        try {
            return Values.toJson(result);
        } catch (LimitExceededException e) {
            throw EvaluationException.tooLarge(this + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new EvaluationException(this + ": " + e.getMessage());
        }
    }

    /** The result of a condition; an expression of another type is not compiled as one. */
    public boolean holds(Variables variables) throws EvaluationException {
        if (run(variables) instanceof Boolean truth) {
            return truth;
        }
        throw new EvaluationException(this + " must be true or false, and is something else");
    }

    private Object run(Variables variables) throws EvaluationException {
        try {
            return program.run(variables);
        } catch (CelEvaluationException e) {
            Optional<String> failure = messageOf(FailFunction.Failure.class, e);
            if (failure.isPresent()) {
                throw new EvaluationException(failure.get());
            }
            Optional<String> limit = limit(e);
            if (limit.isPresent()) {
                throw EvaluationException.tooLarge(this + " has no value: " + limit.get());
            }
            throw new EvaluationException(this + " has no value: " + plain(e));
        }
    }

    /** Which limit an evaluation exceeded, if it failed for that. */
    private static Optional<String> limit(CelEvaluationException failure) {
        if (failure.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
            return Optional.of(plain(failure));
        }
        return messageOf(LimitExceededException.class, failure);
    }

    /** What an exception of ours says that ended the evaluation; CEL wraps it in its own. */
    private static Optional<String> messageOf(Class<? extends RuntimeException> type, CelEvaluationException failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (type.isInstance(cause)) {
                return Optional.ofNullable(cause.getMessage());
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** As a message repeats it. */
    @Override
    public String toString() {
        return quoted(source);
    }

    static String quoted(String source) {
        return "${" + Excerpt.of(source) + "}";
    }

    /** CEL's message without its prefix about a position in a nameless input. */
    private static String plain(CelEvaluationException failure) {
        return String.valueOf(failure.getMessage())
                .replaceFirst("^evaluation error( at <input>:\\d+)?: ", "")
                .replaceFirst("\\.$", "");
    }

    /** What computes the result. */
    interface Program {
        Object run(Variables variables) throws CelEvaluationException;
    }
}
