package dev.pillion.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.parser.Operator;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the fields that an expression reads though they may be absent, and those whose presence it tests: by {@code has(a.b)},
 * {@code a.?b}, {@code a[?'b']} or {@code 'b' in a}. The evaluation of a read fails for a Pod without the field.
 *
 * <p>A test counts wherever it is in the expression, so a test in the wrong branch is not found; but what is reported is a mistake.
 */
final class OptionalReads {

    private static final String OR_VALUE = "orValue";

    private final Schema schema;
    private final TreeSet<String> tested = new TreeSet<>();
    private final Map<String, OptionalRead> reads = new LinkedHashMap<>();

    private OptionalReads(Schema schema) {
        this.schema = schema;
    }

    /** What was found in one expression. */
    record Found(List<OptionalRead> reads, java.util.Set<String> tested) {}

    static Found in(CelAbstractSyntaxTree ast, Map<String, Type> variables, Schema schema) {
        OptionalReads found = new OptionalReads(schema);
        Map<String, Chain> scope = new HashMap<>();
        variables.forEach((name, type) -> scope.put(name, Chain.from(name, type)));
        found.visit(ast.getExpr(), scope);
        return found.result();
    }

    /** What a plain path reads, for example {@code app.env}. */
    static Found in(List<String> path, Type type, Schema schema) {
        OptionalReads found = new OptionalReads(schema);
        Chain chain = Chain.from(path.getFirst(), type);
        for (String field : path.subList(1, path.size())) {
            chain = found.read(chain.field(field, schema));
        }
        return found.result();
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

    private void visit(CelExpr expression, Map<String, Chain> scope) {
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

    private void visit(CelComprehension loop, Map<String, Chain> scope) {
        visit(loop.iterRange(), scope);
        visit(loop.accuInit(), scope);
        Map<String, Chain> inner = new HashMap<>(scope);
        inner.remove(loop.iterVar());
        inner.remove(loop.accuVar());
        elements(loop.iterRange(), scope)
                .ifPresent(type -> inner.put(loop.iterVar(), Chain.from(loop.iterVar(), type)));
        visit(loop.loopCondition(), inner);
        visit(loop.loopStep(), inner);
        visit(loop.result(), inner);
    }

    /** The type of a list's elements, where the list is a field, or a field with another value if it is absent. */
    private Optional<Type> elements(CelExpr range, Map<String, Chain> scope) {
        if (range.getKind() == Kind.CALL
                && range.call().function().equals(OR_VALUE)
                && range.call().target().isPresent()) {
            return elements(range.call().target().get(), scope);
        }
        return chain(range, scope)
                .map(Chain::type)
                .flatMap(type -> type instanceof ListOf(Type element) ? Optional.of(element) : Optional.empty());
    }

    /** The path that an expression reads, if it is one. Its optional steps are collected. */
    private Optional<Chain> chain(CelExpr expression, Map<String, Chain> scope) {
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

    private Optional<Chain> call(CelCall call, Map<String, Chain> scope) {
        if (call.args().size() != 2) {
            return Optional.empty();
        }
        CelExpr left = call.args().getFirst();
        CelExpr right = call.args().getLast();
        String function = call.function();
        if (function.equals(Operator.IN.getFunction())) {
            Optional<Chain> owner = chain(right, scope);
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

    private Chain tested(Chain chain) {
        tested.add(chain.path());
        return chain.asTested();
    }

    private Chain read(Chain chain) {
        if (chain.mayBeAbsent() && !chain.viral()) {
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

    /**
     * A path from a variable.
     *
     * @param guarded the path with {@code ?} before each step that may be absent
     * @param optional whether the guarded path has such a step, so that its value is an optional
     * @param mayBeAbsent whether the last step may be absent where the steps before it are present
     * @param viral whether a step before was {@code .?}: then the steps after it are optional too
     */
    private record Chain(String path, String guarded, Type type, boolean optional, boolean mayBeAbsent, boolean viral) {

        static Chain from(String variable, Type type) {
            return new Chain(variable, variable, type, false, false, false);
        }

        Chain field(String field, Schema schema) {
            Type next =
                    switch (type) {
                        case Struct(String struct) -> schema.fields(struct).getOrDefault(field, Scalar.ANY);
                        case MapOf(Type value) -> value;
                        case ListOf list -> Scalar.ANY;
                        case Scalar scalar -> Scalar.ANY;
                    };
            boolean absent =
                    type instanceof MapOf || (type instanceof Struct(String struct) && schema.mayLack(struct, field));
            return step("." + field, "." + (absent ? "?" : "") + field, next, absent);
        }

        Chain key(String key) {
            boolean map = type instanceof MapOf;
            String quoted = "'" + key + "'";
            return step(
                    key.matches("[A-Za-z_][A-Za-z0-9_]*") ? "." + key : "[" + quoted + "]",
                    "[" + (map ? "?" : "") + quoted + "]",
                    type instanceof MapOf(Type value) ? value : Scalar.ANY,
                    map);
        }

        /** The first element of a list that has no element is as absent as the list; the list says so already. */
        Chain element(long index) {
            return step(
                    "[" + index + "]",
                    "[" + (optional ? "?" : "") + index + "]",
                    type instanceof ListOf(Type element) ? element : Scalar.ANY,
                    false);
        }

        private Chain step(String plain, String careful, Type next, boolean absent) {
            return new Chain(path + plain, guarded + careful, next, optional || absent, absent, viral);
        }

        Chain asTested() {
            return new Chain(path, guarded, type, optional, mayBeAbsent, true);
        }

        String suggestion() {
            String otherwise =
                    switch (type) {
                        case ListOf list -> ".orValue([])";
                        case MapOf map -> ".orValue({})";
                        case Struct struct -> "";
                        case Scalar scalar ->
                            switch (scalar) {
                                case STRING, EXPANDED_STRING -> ".orValue('')";
                                case INTEGER -> ".orValue(0)";
                                case BOOLEAN -> ".orValue(false)";
                                case ANY, NUMBER, INTEGER_OR_STRING, QUANTITY -> "";
                            };
                    };
            return guarded + otherwise;
        }
    }
}
