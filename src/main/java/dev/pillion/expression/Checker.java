package dev.pillion.expression;

import dev.cel.checker.CelChecker;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction.Overload.Conversions;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Checks the types of an expression with the functions that it calls only. CEL's checker compares the overloads of all declared functions for
 * each expression, which takes several times as long as the check of a short expression.
 */
final class Checker {

    /** Some dozens are in use. The limit is for misspelt functions. */
    private static final int MAX_KEPT = 500;

    private final CelChecker bare;
    private final List<CelFunctionDecl> functions;
    private final Map<Set<String>, CelChecker> byCalls = new ConcurrentHashMap<>();

    /**
     * @param bare has the variables and types, and no functions
     * @param functions in addition to CEL's standard library
     */
    Checker(CelChecker bare, List<CelFunctionDecl> functions) {
        this.bare = bare;
        this.functions = functions;
    }

    CelValidationResult check(CelAbstractSyntaxTree parsed) {
        if (byCalls.size() >= MAX_KEPT) {
            byCalls.clear();
        }
        return byCalls.computeIfAbsent(calls(parsed), this::knowing).check(parsed);
    }

    private static Set<String> calls(CelAbstractSyntaxTree parsed) {
        return CelNavigableAst.fromAst(parsed)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.CALL)
                .map(node -> node.expr().call().function())
                .collect(Collectors.toSet());
    }

    /** Leaves out {@code timestamp(0)}, as CEL's own compiler does by default. */
    private CelChecker knowing(Set<String> calls) {
        return bare.toCheckerBuilder()
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .filterFunctions((function, overload) ->
                                calls.contains(function.functionName()) && overload != Conversions.INT64_TO_TIMESTAMP)
                        .build())
                .addFunctionDeclarations(functions.stream()
                        .filter(function ->
                                calls.contains(lastName(function.name())) || calls.contains(function.name()))
                        .toList())
                .build();
    }

    /** Before the check, a call of {@code optional.of} is a call of {@code of}. */
    private static String lastName(String function) {
        return function.substring(function.lastIndexOf('.') + 1);
    }
}
