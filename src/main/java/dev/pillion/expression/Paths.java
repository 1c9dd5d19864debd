package dev.pillion.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.parser.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the fields that an expression reads: each variable with the fields that follow it, as {@code a.b}, {@code a.?b} or {@code a["b"]}. */
final class Paths {

    private static final Set<String> SELECTIONS =
            Set.of(OptionalChains.SELECT, Operator.INDEX.getFunction(), Operator.OPTIONAL_INDEX.getFunction());

    private Paths() {}

    static Set<FieldPath> in(CelAbstractSyntaxTree ast) {
        return CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.IDENT)
                .map(Paths::from)
                .collect(Collectors.toSet());
    }

    private static FieldPath from(CelNavigableExpr name) {
        List<String> path = new ArrayList<>(List.of(name.expr().ident().name()));
        CelNavigableExpr node = name;
        for (Optional<CelNavigableExpr> parent = node.parent(); parent.isPresent(); parent = node.parent()) {
            Optional<String> field = field(parent.get().expr(), node);
            if (field.isEmpty()) {
                break;
            }
            path.add(field.get());
            node = parent.get();
        }
        return new FieldPath(path);
    }

    /** The field of {@code operand} that an expression selects. */
    private static Optional<String> field(CelExpr expression, CelNavigableExpr operand) {
        return switch (expression.getKind()) {
            case SELECT -> Optional.of(expression.select().field());
            case CALL ->
                SELECTIONS.contains(expression.call().function())
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
