package dev.pillion.expression;

import com.google.common.base.Suppliers;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.pillion.expression.Type.Scalar;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Compiles CEL over a fixed set of typed variables.
 *
 * <p>Expressions can use CEL's standard library, its strings and optionals, and {@code fail('why')}. Evaluation is bounded: an expression
 * has at most 4,096 characters, its comprehensions together at most 10,000 iterations, and the value of each step at most 256 Ki
 * characters or elements.
 */
public final class ExpressionCompiler {

    /** In characters: the cached expressions together, including those that no catalog uses any more. */
    private static final long MAX_CACHED = 2_000_000;

    private final Schema schema;
    private final SortedMap<String, Type> variables;
    private final Supplier<Checker> checker;
    private final CheckedExpressions checked;
    /** The types of the variables that {@link #with} has added. */
    private final String added;
    /**
     * Weak references, because a compiler outlives many catalogs, and a compiled expression takes some hundred times the memory of its source.
     */
    private final Map<String, WeakReference<Expression>> cache = new ConcurrentHashMap<>();

    private final AtomicLong cachedCharacters = new AtomicLong();
    private final Map<Map.Entry<String, Type>, ExpressionCompiler> extended = new ConcurrentHashMap<>();

    public ExpressionCompiler(Schema schema, Map<String, Type> variables) {
        this(schema, variables, CheckedExpressions.NONE);
    }

    /** @param checked expressions that were checked with the same schema and variables */
    public ExpressionCompiler(Schema schema, Map<String, Type> variables, CheckedExpressions checked) {
        this(schema, new TreeMap<>(variables), checked, "");
    }

    private ExpressionCompiler(
            Schema schema, SortedMap<String, Type> variables, CheckedExpressions checked, String added) {
        this.schema = schema;
        this.variables = variables;
        this.checked = checked;
        this.added = added;
        this.checker = Suppliers.memoize(() -> CelEnvironment.checker(schema, variables));
    }

    Schema schema() {
        return schema;
    }

    /** A compiler with one more variable. */
    public ExpressionCompiler with(String name, Type type) {
        SortedMap<String, Type> all = new TreeMap<>(variables);
        all.put(name, type);
        return extended.computeIfAbsent(
                Map.entry(name, type),
                key -> new ExpressionCompiler(
                        schema, all, checked, added + name + ": " + CelTypes.celType(type) + "\n"));
    }

    /**
     * Compiles one expression.
     *
     * @throws ExpressionException with the column (from 1), the mistake, and for an unknown name the nearest known one
     */
    public Expression compile(String source) throws ExpressionException {
        WeakReference<Expression> reference = cache.get(source);
        Expression known = reference == null ? null : reference.get();
        if (known == null) {
            if (source.isBlank()) {
                throw new ExpressionException("${" + source + "} is empty");
            }
            Optional<Expression> path = PathExpression.of(source, variables, schema);
            known = path.isPresent() ? path.get() : compileCel(source);
            if (cachedCharacters.addAndGet(source.length()) > MAX_CACHED) {
                cache.clear();
                cachedCharacters.set(source.length());
            }
            cache.put(source, new WeakReference<>(known));
        }
        return known;
    }

    /** Compiles by CEL, also if the expression is a plain path. */
    Expression compileCel(String source) throws ExpressionException {
        try {
            String key = added + source;
            Optional<byte[]> known = checked.find(key);
            CelAbstractSyntaxTree ast = known.isPresent() ? CheckedExpression.read(known.get()) : check(source);
            if (known.isEmpty()) {
                checked.checked(key, () -> CheckedExpression.write(ast));
            }
            CelType resultType = ast.getResultType();
            boolean optional = resultType instanceof OptionalType;
            CelType valueType = optional ? resultType.parameters().getFirst() : resultType;
            CelRuntime.Program program = CelEnvironment.RUNTIME.createProgram(OptionalChains.flattened(ast));
            Set<FieldPath> paths = Paths.in(ast);
            return new Expression(
                    source,
                    CelTypes.type(source, valueType),
                    optional,
                    paths,
                    OptionalReads.in(ast, variables, schema),
                    new MemoizedProgram(new BoundedProgram(program), paths));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new ExpressionException(Expression.quoted(source) + ": " + e.getMessage());
        }
    }

    private CelAbstractSyntaxTree check(String source) throws ExpressionException, CelValidationException {
        ExpressionChecks.checkOptionalMacros(source);
        CelAbstractSyntaxTree parsed = accepted(source, CelParsing.PARSER.parse(source));
        CelAbstractSyntaxTree ast = accepted(source, checker.get().check(parsed));
        ExpressionChecks.refuseStructures(source, ast);
        ExpressionChecks.checkPatterns(source, ast);
        return ast;
    }

    private CelAbstractSyntaxTree accepted(String source, CelValidationResult result)
            throws ExpressionException, CelValidationException {
        if (result.hasError()) {
            throw new ExpressionException(describe(source, result.getErrors().getFirst()));
        }
        return result.getAst();
    }

    /** Compiles an expression whose result is true or false. */
    public Expression condition(String source) throws ExpressionException {
        Expression expression = compile(source);
        if (expression.optional() || !Conformance.assignable(Scalar.BOOLEAN, expression.type())) {
            throw new ExpressionException(expression + " must be a condition (true or false), is "
                    + (expression.optional() ? "an optional; add .orValue(false)" : expression.type()));
        }
        return expression;
    }

    private String describe(String source, CelIssue issue) {
        int column = issue.getSourceLocation().getColumn();
        // An error about the whole expression, such as its length, has no column.
        return Expression.quoted(source) + (column < 0 ? "" : ", column " + (column + 1)) + ": "
                + Diagnosis.explain(issue.getMessage(), source, column, variables, schema);
    }
}
