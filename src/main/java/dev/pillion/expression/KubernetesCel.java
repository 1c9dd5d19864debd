package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelMutableAst;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.navigation.CelNavigableMutableAst;
import dev.cel.common.navigation.CelNavigableMutableExpr;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelUnparserFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Translates an expression over {@code pod}, {@code namespace}, {@code app} and {@code params} to the variables of the API server's admission
 * policies: {@code object} and {@code namespaceObject}.
 */
public final class KubernetesCel {

    /** Without macros, so that calls are printed as they are written. */
    private static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setOptions(CelOptions.current()
                    .enableReservedIds(false)
                    .enableOptionalSyntax(true)
                    .build())
            .setStandardMacros(List.of())
            .build();

    private static final Map<String, String> VARIABLES =
            Map.of("pod", "object", "namespace", "namespaceObject", "app", "object.spec.containers[0]");

    private final Map<String, JsonNode> parameters;
    private final Function<JsonNode, String> literal;

    /**
     * @param parameters the values of {@code params}
     * @param literal writes a value as CEL
     */
    public KubernetesCel(Map<String, JsonNode> parameters, Function<JsonNode, String> literal) {
        this.parameters = Map.copyOf(parameters);
        this.literal = literal;
    }

    /** The translated expression; empty if it reads {@code params} other than by the name of a parameter with a value. */
    public Optional<String> translated(Expression expression) {
        CelMutableAst ast = parsed(expression);
        CelNavigableMutableExpr root = CelNavigableMutableAst.fromAst(ast).getRoot();
        root.allNodes()
                .filter(node -> !isOptionalField(node))
                .map(CelNavigableMutableExpr::expr)
                .toList()
                .forEach(this::putLiteral);
        CelNavigableMutableExpr settled = CelNavigableMutableAst.fromAst(ast).getRoot();
        List<CelMutableExpr> names = settled.allNodes()
                .filter(node -> node.getKind() == Kind.IDENT)
                .map(CelNavigableMutableExpr::expr)
                .toList();
        if (names.stream().anyMatch(name -> name.ident().name().equals("params"))) {
            return Optional.empty();
        }
        names.forEach(name -> name.ident()
                .setName(
                        VARIABLES.getOrDefault(name.ident().name(), name.ident().name())));
        CelAbstractSyntaxTree translated = CelAbstractSyntaxTree.newParsedAst(
                ast.toParsedAst().getExpr(), CelSource.newBuilder("").build());
        return Optional.of(CelUnparserFactory.newUnparser().unparse(translated));
    }

    /**
     * Replaces parameters and strings by literals. cel-java does not escape quotes in strings when it prints them. It prints a name unchanged, so
     * the literal becomes a name.
     */
    private void putLiteral(CelMutableExpr expression) {
        value(expression)
                .ifPresent(value -> expression.setIdent(CelMutableExpr.CelMutableIdent.create(literal.apply(value))));
    }

    private Optional<JsonNode> value(CelMutableExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT ->
                expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                        ? Optional.of(TextNode.valueOf(expression.constant().stringValue()))
                        : Optional.empty();
            case SELECT ->
                isParams(expression.select().operand())
                        ? Optional.ofNullable(parameters.get(expression.select().field()))
                        : Optional.empty();
            case NOT_SET, IDENT, CALL, LIST, STRUCT, MAP, COMPREHENSION -> Optional.empty();
        };
    }

    /** Whether the node is the name after {@code .?}: it is a string in the tree and no literal in the source. */
    private static boolean isOptionalField(CelNavigableMutableExpr node) {
        return node.getKind() == Kind.CONSTANT
                && node.parent()
                        .map(CelNavigableMutableExpr::expr)
                        .filter(parent -> parent.getKind() == Kind.CALL
                                && parent.call().function().equals("_?._"))
                        .isPresent();
    }

    private static boolean isParams(CelMutableExpr expression) {
        return expression.getKind() == Kind.IDENT && expression.ident().name().equals("params");
    }

    private static CelMutableAst parsed(Expression expression) {
        try {
            return CelMutableAst.fromCelAst(PARSER.parse(expression.source()).getAst());
        } catch (CelValidationException e) {
            throw new IllegalStateException("a compiled expression must parse: " + expression, e);
        }
    }
}
