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
 * Checks the types of an expression against the functions that it calls, and against no others. CEL's checker compares the overloads of
 * all functions that it is told of, each time anew, which costs several times what the check of a short expression does.
 */
final class Checker {

    /** Some dozens are in use; what is mistyped again and again must not stay. */
    private static final int MAX_KEPT = 500;

    private final CelChecker bare;
    private final List<CelFunctionDecl> functions;
    private final Map<Set<String>, CelChecker> byCalls = new ConcurrentHashMap<>();

    /**
     * @param bare knows the variables and types, and no functions
     * @param functions beside those of CEL's standard library
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

    /** {@code timestamp(0)} is left out as CEL's own compiler leaves it out, unless it is asked for by an option. */
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

    /** A call of {@code optional.of} is one of {@code of} until it is checked. */
    private static String lastName(String function) {
        return function.substring(function.lastIndexOf('.') + 1);
    }
}
