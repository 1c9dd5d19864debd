package dev.pillion.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelMutableAst;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import dev.cel.common.navigation.CelNavigableMutableAst;
import java.util.HashMap;
import java.util.Map;

/**
 * Mends chains of optional fields. CEL defines {@code a.?b.?c} as one optional; cel-java's runtime wraps it once for each step
 * (cel-java issue 1083), while an index by {@code [?'c']} is flattened as it should be. On maps, which all values here are, the two mean the same, so
 * the one is rewritten into the other once types are checked.
 */
final class OptionalChains {

    /** CEL's name for the {@code .?} operator. */
    static final String SELECT = "_?._";

    private static final String INDEX = "_[?_]";

    private OptionalChains() {}

    static CelAbstractSyntaxTree flattened(CelAbstractSyntaxTree ast) {
        CelMutableAst mutable = CelMutableAst.fromCelAst(ast);
        Map<Long, CelReference> references = new HashMap<>(ast.getReferenceMap());
        CelNavigableMutableAst.fromAst(mutable)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.CALL
                        && node.expr().call().function().equals(SELECT))
                .forEach(node -> {
                    node.expr().call().setFunction(INDEX);
                    references.put(
                            node.id(),
                            CelReference.newBuilder()
                                    .setName(INDEX)
                                    .addOverloadIds(
                                            "map_optindex_optional_value", "optional_map_optindex_optional_value")
                                    .build());
                });
        return CelAbstractSyntaxTree.newCheckedAst(
                mutable.toParsedAst().getExpr(), ast.getSource(), references, ast.getTypeMap());
    }
}
