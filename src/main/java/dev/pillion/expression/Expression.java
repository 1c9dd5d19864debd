package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.pillion.expression.limit.LimitExceededException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One CEL expression, compiled and type-checked. Thread-safe. */
public final class Expression {

    private final String source;
    private final Type type;
    private final boolean optional;
    private final Set<FieldPath> paths;
    private final OptionalReads.Found optionalReads;
    private final Program program;

    /**
     * @param paths the fields that it reads
     * @param optionalReads the optional fields that it reads, and the fields whose presence it tests
     */
    Expression(
            String source,
            Type type,
            boolean optional,
            Set<FieldPath> paths,
            OptionalReads.Found optionalReads,
            Program program) {
        this.optionalReads = optionalReads;
        this.source = source;
        this.type = type;
        this.optional = optional;
        // Set.copyOf takes quadratic time for paths whose hashes collide.
        this.paths = Collections.unmodifiableSet(new HashSet<>(paths));
        this.program = program;
    }

    public String source() {
        return source;
    }

    /** The type of the result, or of an optional's value. */
    public Type type() {
        return type;
    }

    /** Whether the result is CEL's {@code optional}. A field is left out if the optional has no value. */
    public boolean optional() {
        return optional;
    }

    /** Whether it reads a variable. */
    public boolean mentions(String variable) {
        return paths.stream().anyMatch(path -> path.variable().equals(variable));
    }

    /** The fields that it reads, for example {@code pod.spec.securityContext}, or {@code pod} if it reads the whole variable. */
    public Set<FieldPath> paths() {
        return paths;
    }

    /** The first optional field that it reads and whose presence is tested neither here nor elsewhere. */
    public Optional<OptionalRead> optionalRead(Set<String> testedElsewhere) {
        return optionalReads.reads().stream()
                .filter(read -> !testedElsewhere.contains(read.path()))
                .findFirst();
    }

    /** The fields whose presence it tests. */
    Set<String> testedPaths() {
        return optionalReads.tested();
    }

    /**
     * Evaluates the expression to JSON. The result is missing for an optional without a value.
     *
     * @throws EvaluationException if there is no result for these values
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

    /** Evaluates a condition. */
    public boolean isTrue(Variables variables) throws EvaluationException {
        if (run(variables) instanceof Boolean truth) {
            return truth;
        }
        throw new EvaluationException(this + " must be true or false, and is neither");
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

    /** The limit that an evaluation exceeded, if that is why it failed. */
    private static Optional<String> limit(CelEvaluationException failure) {
        if (failure.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
            return Optional.of(plain(failure));
        }
        return messageOf(LimitExceededException.class, failure);
    }

    /** The message of Pillion's own exception that ended the evaluation. CEL wraps it in its own exception. */
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

    /** The source as messages show it. */
    @Override
    public String toString() {
        return quoted(source);
    }

    static String quoted(String source) {
        return "${" + Excerpt.of(source) + "}";
    }

    /** CEL's message without the prefix about a position in the input. */
    private static String plain(CelEvaluationException failure) {
        return String.valueOf(failure.getMessage())
                .replaceFirst("^evaluation error( at <input>:\\d+)?: ", "")
                .replaceFirst("\\.$", "");
    }

    /** Computes the result. */
    interface Program {
        Object run(Variables variables) throws CelEvaluationException;
    }
}
