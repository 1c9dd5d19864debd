package dev.pillion.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelMutableAst;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import dev.cel.common.navigation.CelNavigableMutableAst;
import java.util.HashMap;
import java.util.Map;

/**
 * Replaces optional fields by optional indices. CEL defines {@code a.?b.?c} as one optional, but cel-java's runtime returns an optional of an
 * optional (cel-java issue 1083). It handles an index such as {@code [?'c']} correctly. Both have the same meaning for maps, and all values of
 * structures are maps here. The replacement follows the type check.
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
