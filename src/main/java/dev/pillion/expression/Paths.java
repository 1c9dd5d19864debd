package dev.pillion.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an expression reads of its variables: each name with the fields that follow it, {@code a.b} and {@code a.?b} alike. */
final class Paths {

    private Paths() {}

    static Set<String> in(CelAbstractSyntaxTree ast) {
        return CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.IDENT)
                .map(Paths::from)
                .collect(Collectors.toSet());
    }

    private static String from(CelNavigableExpr name) {
        StringBuilder path = new StringBuilder(name.expr().ident().name());
        CelNavigableExpr node = name;
        for (Optional<CelNavigableExpr> parent = node.parent(); parent.isPresent(); parent = node.parent()) {
            Optional<String> field = field(parent.get().expr(), node);
            if (field.isEmpty()) {
                break;
            }
            path.append('.').append(field.get());
            node = parent.get();
        }
        return path.toString();
    }

    /** The field of {@code operand} that an expression reads. */
    private static Optional<String> field(CelExpr expression, CelNavigableExpr operand) {
        return switch (expression.getKind()) {
            case SELECT -> Optional.of(expression.select().field());
            case CALL ->
                expression.call().function().equals(OptionalChains.SELECT)
                                && expression.call().args().getFirst().id() == operand.id()
                        ? text(expression.call().args().getLast())
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> text(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue())
                : Optional.empty();
    }
}
