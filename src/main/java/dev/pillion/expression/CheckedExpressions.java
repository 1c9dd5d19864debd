package dev.pillion.expression;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Expressions that were parsed and type-checked before. Both take much longer than reading the result, and use code that nothing else uses.
 */
public interface CheckedExpressions {

    /** No expressions. */
    CheckedExpressions NONE = key -> Optional.empty();

    /**
     * Finds a checked expression: CEL's {@code CheckedExpr} in the binary form of Protocol Buffers.
     *
     * @param key the source of the expression, after the types of the variables that a part of the profile adds, if any
     */
    Optional<byte[]> find(String key);

    /** Receives the checked form of an expression that was not found. */
    default void checked(String key, Supplier<byte[]> expression) {}
}
