package dev.pillion.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.pillion.expression.limit.PatternLimits;
import java.util.List;
import java.util.Optional;

/** Checks of an expression that CEL does not make. */
final class ExpressionChecks {

    private static final Pattern OPTIONAL_MACRO = Pattern.compile("opt(Flat)?Map");

    private static final int MAX_OPTIONAL_MACROS = 2;

    private ExpressionChecks() {}

    /** CEL expands these macros to two copies of the expression before them, so each macro in a chain doubles its size. */
    static void checkOptionalMacros(String source) throws ExpressionException {
        Matcher macro = OPTIONAL_MACRO.matcher(source);
        int count = 0;
        while (macro.find()) {
            count++;
        }
        if (count > MAX_OPTIONAL_MACROS) {
            throw new ExpressionException(Expression.quoted(source) + ": optMap and optFlatMap occur " + count
                    + " times; at most " + MAX_OPTIONAL_MACROS + " are allowed");
        }
        int allowed = CelEnvironment.MAX_LENGTH >> count;
        if (count > 0 && source.length() > allowed) {
            throw new ExpressionException(Expression.quoted(source) + " has " + source.length()
                    + " characters; with optMap or optFlatMap in it " + allowed + " are allowed");
        }
    }

    /** Expressions cannot construct the schema's structures, because their values are maps. */
    static void refuseStructures(String source, CelAbstractSyntaxTree ast) throws ExpressionException {
        Optional<String> structure = CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.STRUCT)
                .map(node -> node.expr().struct().messageName())
                .findFirst();
        if (structure.isPresent()) {
            throw new ExpressionException(Expression.quoted(source) + ": a " + structure.get()
                    + " cannot be built by its name; write a map, such as {'name': 'value'}");
        }
    }

    /** A pattern must be a constant: a pattern from a Pod would be compiled for each Pod and could have any size. */
    static void checkPatterns(String source, CelAbstractSyntaxTree ast) throws ExpressionException {
        List<CelExpr> patterns = CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.CALL
                        && node.expr().call().function().equals("matches"))
                .map(node -> node.expr().call().args().getLast())
                .toList();
        for (CelExpr pattern : patterns) {
            if (pattern.getKind() != Kind.CONSTANT) {
                throw new ExpressionException(Expression.quoted(source)
                        + ": the pattern of matches must be a literal, such as matches('a+')");
            }
            try {
                PatternLimits.compile(pattern.constant().stringValue());
            } catch (PatternSyntaxException e) {
                throw new ExpressionException(
                        Expression.quoted(source) + ": the pattern of matches is not a valid RE2 expression: "
                                + e.getDescription() + ": " + Excerpt.of(e.getPattern()));
            }
        }
    }
}
