package dev.pillion.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.parser.Operator;
import dev.pillion.expression.Type.ListOf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the optional fields that an expression reads, and the fields whose presence it tests: by {@code has(a.b)}, {@code a.?b},
 * {@code a[?'b']} or {@code 'b' in a}. The evaluation of an untested read fails for a Pod without the field.
 *
 * <p>A test anywhere in the expression counts. So a test in the wrong branch is not detected, but each reported read is a mistake.
 */
final class OptionalReads {

    private static final String OR_VALUE = "orValue";

    private final Schema schema;
    private final TreeSet<String> tested = new TreeSet<>();
    private final Map<String, OptionalRead> reads = new LinkedHashMap<>();

    private OptionalReads(Schema schema) {
        this.schema = schema;
    }

    /**
     * The optional fields of one expression.
     *
     * @param reads the fields that are read without a test
     * @param tested the paths of the fields whose presence is tested
     */
    record Found(List<OptionalRead> reads, java.util.Set<String> tested) {}

    static Found in(CelAbstractSyntaxTree ast, Map<String, Type> variables, Schema schema) {
        OptionalReads search = new OptionalReads(schema);
        Map<String, FieldChain> scope = new HashMap<>();
        variables.forEach((name, type) -> scope.put(name, FieldChain.from(name, type)));
        search.visit(ast.getExpr(), scope);
        return search.result();
    }

    /** The optional fields that a plain path reads, for example {@code app.env}. */
    static Found in(List<String> path, Type type, Schema schema) {
        OptionalReads search = new OptionalReads(schema);
        FieldChain chain = FieldChain.from(path.getFirst(), type);
        for (String field : path.subList(1, path.size())) {
            chain = search.read(chain.field(field, schema));
        }
        return search.result();
    }

    private Found result() {
        List<OptionalRead> untested = new ArrayList<>();
        reads.forEach((path, read) -> {
            if (!tested.contains(path)) {
                untested.add(read);
            }
        });
        return new Found(untested, tested);
    }

    private void visit(CelExpr expression, Map<String, FieldChain> scope) {
        if (chain(expression, scope).isPresent()) {
            return;
        }
        switch (expression.getKind()) {
            case SELECT -> visit(expression.select().operand(), scope);
            case CALL -> {
                expression.call().target().ifPresent(target -> visit(target, scope));
                expression.call().args().forEach(argument -> visit(argument, scope));
            }
            case LIST -> expression.list().elements().forEach(element -> visit(element, scope));
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    visit(entry.key(), scope);
                    visit(entry.value(), scope);
                });
            case STRUCT -> expression.struct().entries().forEach(entry -> visit(entry.value(), scope));
            case COMPREHENSION -> visit(expression.comprehension(), scope);
            case CONSTANT, IDENT, NOT_SET -> {}
        }
    }

    private void visit(CelComprehension loop, Map<String, FieldChain> scope) {
        visit(loop.iterRange(), scope);
        visit(loop.accuInit(), scope);
        Map<String, FieldChain> inner = new HashMap<>(scope);
        inner.remove(loop.iterVar());
        inner.remove(loop.accuVar());
        elements(loop.iterRange(), scope)
                .ifPresent(type -> inner.put(loop.iterVar(), FieldChain.from(loop.iterVar(), type)));
        visit(loop.loopCondition(), inner);
        visit(loop.loopStep(), inner);
        visit(loop.result(), inner);
    }

    /** The type of a list's elements, if the list is a field or a field with {@code orValue}. */
    private Optional<Type> elements(CelExpr range, Map<String, FieldChain> scope) {
        if (range.getKind() == Kind.CALL
                && range.call().function().equals(OR_VALUE)
                && range.call().target().isPresent()) {
            return elements(range.call().target().get(), scope);
        }
        return chain(range, scope)
                .map(FieldChain::type)
                .flatMap(type -> type instanceof ListOf(Type element) ? Optional.of(element) : Optional.empty());
    }

    /** The path of an expression, if it is a path. Adds its optional fields to the result. */
    private Optional<FieldChain> chain(CelExpr expression, Map<String, FieldChain> scope) {
        return switch (expression.getKind()) {
            case IDENT -> Optional.ofNullable(scope.get(expression.ident().name()));
            case SELECT ->
                chain(expression.select().operand(), scope)
                        .map(owner -> owner.field(expression.select().field(), schema))
                        .map(chain -> expression.select().testOnly() ? tested(chain) : read(chain));
            case CALL -> call(expression.call(), scope);
            case CONSTANT, LIST, MAP, STRUCT, COMPREHENSION, NOT_SET -> Optional.empty();
        };
    }

    private Optional<FieldChain> call(CelCall call, Map<String, FieldChain> scope) {
        if (call.args().size() != 2) {
            return Optional.empty();
        }
        CelExpr left = call.args().getFirst();
        CelExpr right = call.args().getLast();
        String function = call.function();
        if (function.equals(Operator.IN.getFunction())) {
            Optional<FieldChain> owner = chain(right, scope);
            owner.ifPresent(chain -> text(left).ifPresent(key -> tested(chain.key(key))));
            return Optional.empty();
        }
        boolean optional = function.equals(Operator.OPTIONAL_INDEX.getFunction());
        if (function.equals(OptionalChains.SELECT)) {
            return chain(left, scope).flatMap(owner -> text(right).map(field -> tested(owner.field(field, schema))));
        }
        if (!optional && !function.equals(Operator.INDEX.getFunction())) {
            return Optional.empty();
        }
        return chain(left, scope).flatMap(owner -> text(right)
                .map(owner::key)
                .or(() -> number(right).map(owner::element))
                .map(chain -> optional ? tested(chain) : read(chain)));
    }

    private FieldChain tested(FieldChain chain) {
        tested.add(chain.path());
        return chain.asTested();
    }

    private FieldChain read(FieldChain chain) {
        if (chain.mayBeAbsent() && !chain.afterOptional()) {
            reads.putIfAbsent(chain.path(), new OptionalRead(chain.path(), chain.suggestion()));
        }
        return chain;
    }

    private static Optional<String> text(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue())
                : Optional.empty();
    }

    private static Optional<Long> number(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.INT64_VALUE
                ? Optional.of(expression.constant().int64Value())
                : Optional.empty();
    }
}
