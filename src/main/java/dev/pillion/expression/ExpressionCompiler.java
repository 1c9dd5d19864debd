package dev.pillion.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.checker.CelCheckerBuilder;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.CelVarDecl;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.parser.Operator;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles CEL over a fixed set of typed variables.
 *
 * <p>Strings, optionals and {@code fail('why')} are available beside the standard library. Evaluation is bounded: an expression has at most 4,096
 * characters, its comprehensions together at most 10,000 iterations, and the value of each of its steps at most 256 Ki characters or
 * elements.
 */
public final class ExpressionCompiler {

    /** Of an expression, in characters. */
    private static final int MAX_LENGTH = 4_096;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MAX_LENGTH)
            // CEL's parser, checker and interpreter are recursive; a thread of 1 MB takes more than twice as many.
            .maxParseRecursionDepth(100)
            .comprehensionMaxIterations(10_000)
            .enableHeterogeneousNumericComparisons(true)
            // "namespace" is reserved by CEL's grammar, which has no use for it; it is one of our variables.
            .enableReservedIds(false)
            .build();

    private static final CelStringExtensions STRINGS = CelExtensions.strings();
    private static final CelOptionalLibrary OPTIONALS = CelExtensions.optional();

    private static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(OPTIONALS)
            .build();

    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardFunctions(BoundedFunctions.STANDARD)
            .addLibraries(new BoundedFunctions(STRINGS, OPTIONS), OPTIONALS)
            .addFunctionBindings(FailFunction.BINDING)
            .build();

    /** In characters and elements: what the functions of one evaluation make together. */
    private static final long MAX_MADE = 4L * Values.MAX_SIZE;

    private static final Pattern OPTIONAL_MACRO = Pattern.compile("opt(Flat)?Map");

    private static final int MAX_OPTIONAL_MACROS = 2;

    /** In characters: of the expressions that are remembered, though nobody has them any more. */
    private static final long MAX_KEPT = 2_000_000;

    private final Schema schema;
    private final Map<String, Type> variables;
    private final Checker checker;
    /**
     * A compiler may outlive many catalogs, and resources that are only looked at. A compiled expression takes some hundred times its text, so
     * it is kept by those who use it only.
     */
    private final Map<String, WeakReference<Expression>> compiled = new ConcurrentHashMap<>();

    private final AtomicLong kept = new AtomicLong();
    private final Map<Map.Entry<String, Type>, ExpressionCompiler> extended = new ConcurrentHashMap<>();

    public ExpressionCompiler(Schema schema, Map<String, Type> variables) {
        this.schema = schema;
        this.variables = new TreeMap<>(variables);
        CelCheckerBuilder builder = CelCompilerFactory.standardCelCheckerBuilder()
                .setOptions(OPTIONS)
                .setTypeProvider(new SchemaTypes(schema))
                .addVarDeclarations(OPTIONALS.variables());
        variables.forEach(
                (name, type) -> builder.addVarDeclarations(CelVarDecl.newVarDeclaration(name, celType(type))));
        this.checker = new Checker(
                builder.build(),
                Stream.of(STRINGS.functions(), OPTIONALS.functions(), Set.of(FailFunction.DECLARATION))
                        .flatMap(Set::stream)
                        .toList());
    }

    Schema schema() {
        return schema;
    }

    /** The same compiler with one variable more. */
    public ExpressionCompiler with(String name, Type type) {
        Map<String, Type> all = new TreeMap<>(variables);
        all.put(name, type);
        return extended.computeIfAbsent(Map.entry(name, type), key -> new ExpressionCompiler(schema, all));
    }

    /**
     * Compiles one expression.
     *
     * @throws ExpressionException that names the column (from 1), what is wrong, and the nearest known name for an unknown one
     */
    public Expression compile(String source) throws ExpressionException {
        WeakReference<Expression> reference = compiled.get(source);
        Expression known = reference == null ? null : reference.get();
        if (known == null) {
            if (source.isBlank()) {
                throw new ExpressionException("${" + source + "} is empty");
            }
            Optional<Expression> path = PathExpression.of(source, variables, schema);
            known = path.isPresent() ? path.get() : compileCel(source);
            if (kept.addAndGet(source.length()) > MAX_KEPT) {
                compiled.clear();
                kept.set(source.length());
            }
            compiled.put(source, new WeakReference<>(known));
        }
        return known;
    }

    /** Compiles by CEL whatever the expression is. */
    Expression compileCel(String source) throws ExpressionException {
        checkOptionalMacros(source);
        try {
            CelAbstractSyntaxTree parsed = accepted(source, PARSER.parse(source));
            CelAbstractSyntaxTree ast = accepted(source, checker.check(parsed));
            refuseStructures(source, ast);
            checkPatterns(source, ast);
            CelType resultType = ast.getResultType();
            boolean optional = resultType instanceof OptionalType;
            CelType valueType = optional ? resultType.parameters().getFirst() : resultType;
            CelRuntime.Program program = RUNTIME.createProgram(OptionalChains.flattened(ast));
            Set<String> paths = Paths.in(ast);
            return new Expression(
                    source,
                    type(source, valueType),
                    optional,
                    paths,
                    OptionalReads.in(ast, variables, schema),
                    new MemoizedProgram(variables -> run(program, variables), paths));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new ExpressionException(Expression.quoted(source) + ": " + e.getMessage());
        }
    }

    /** CEL writes what stands before these macros twice in their place, so a chain of them doubles with each. */
    private static void checkOptionalMacros(String source) throws ExpressionException {
        Matcher macro = OPTIONAL_MACRO.matcher(source);
        int count = 0;
        while (macro.find()) {
            count++;
        }
        if (count > MAX_OPTIONAL_MACROS) {
            throw new ExpressionException(Expression.quoted(source) + ": optMap and optFlatMap stand " + count
                    + " times in it; at most " + MAX_OPTIONAL_MACROS + " are allowed");
        }
        int most = MAX_LENGTH >> count;
        if (count > 0 && source.length() > most) {
            throw new ExpressionException(Expression.quoted(source) + " has " + source.length()
                    + " characters; with optMap or optFlatMap in it " + most + " are allowed");
        }
    }

    private CelAbstractSyntaxTree accepted(String source, CelValidationResult result)
            throws ExpressionException, CelValidationException {
        if (result.hasError()) {
            throw new ExpressionException(describe(source, result.getErrors().getFirst()));
        }
        return result.getAst();
    }

    /**
     * Looks at the value of each step, so that one that doubles another is stopped before it fills the memory, and so are many that are
     * large together.
     */
    private static Object run(CelRuntime.Program program, Variables variables) throws CelEvaluationException {
        long[] made = {0};
        Weights weights = new Weights();
        Work work = Work.begin();
        try {
            return program.trace(variables::get, (step, value) -> {
                if (Values.tooLarge(value)) {
                    throw Values.tooLarge();
                }
                if (step.getKind() == Kind.LIST || step.getKind() == Kind.MAP) {
                    weights.check(value);
                }
                if (step.getKind() == Kind.CALL) {
                    made[0] += size(step.call().function(), value);
                    if (made[0] > MAX_MADE) {
                        throw new LimitExceededException(
                                "its steps make more than " + MAX_MADE + " characters together");
                    }
                }
            });
        } finally {
            work.end();
        }
    }

    /** How much a function has made. The sum of two lists is a view of both. */
    private static int size(String function, @Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case Collection<?> collection when !function.equals(Operator.ADD.getFunction()) -> collection.size();
            case null, default -> 0;
        };
    }

    /** A pattern from a Pod would have to be compiled for each Pod, and may be of any size. */
    private static void checkPatterns(String source, CelAbstractSyntaxTree ast) throws ExpressionException {
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
                        + ": matches takes a pattern that stands in the expression, as matches('a+')");
            }
            try {
                PatternLimits.compile(pattern.constant().stringValue());
            } catch (PatternSyntaxException e) {
                throw new ExpressionException(
                        Expression.quoted(source) + ": the pattern of matches is no RE2 expression: "
                                + e.getDescription() + ": " + Excerpt.of(e.getPattern()));
            }
        }
    }

    /** The schema's structures can be read and not built: their values are maps. */
    private static void refuseStructures(String source, CelAbstractSyntaxTree ast) throws ExpressionException {
        Optional<String> structure = CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.STRUCT)
                .map(node -> node.expr().struct().messageName())
                .findFirst();
        if (structure.isPresent()) {
            throw new ExpressionException(Expression.quoted(source) + ": a " + structure.get()
                    + " cannot be built by its name; write a map, as {'name': 'value'}");
        }
    }

    /** Compiles one expression that is a condition. */
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
        // What is wrong with the whole, as its length, has no column.
        return Expression.quoted(source) + (column < 0 ? "" : ", column " + (column + 1)) + ": "
                + Diagnosis.explain(issue.getMessage(), source, column, variables, schema);
    }

    private static Type type(String source, CelType type) throws ExpressionException {
        return switch (type.kind()) {
            case STRING -> Scalar.STRING;
            case INT -> Scalar.INTEGER;
            case DOUBLE -> Scalar.NUMBER;
            case BOOL -> Scalar.BOOLEAN;
            case LIST -> new ListOf(type(source, type.parameters().getFirst()));
            case MAP -> new MapOf(type(source, type.parameters().getLast()));
            case STRUCT -> new Struct(type.name());
            case DYN, ANY, TYPE_PARAM, NULL_TYPE -> Scalar.ANY;
            default ->
                throw new ExpressionException(Expression.quoted(source) + ": a " + type.name()
                        + " has no form in a Pod; wrap it in string(…) or int(…)");
        };
    }

    private static CelType celType(Type type) {
        return switch (type) {
            case Scalar scalar ->
                switch (scalar) {
                    case STRING, EXPANDED_STRING -> SimpleType.STRING;
                    case INTEGER -> SimpleType.INT;
                    case BOOLEAN -> SimpleType.BOOL;
                    case ANY, NUMBER, INTEGER_OR_STRING, QUANTITY -> SimpleType.DYN;
                };
            case ListOf(Type element) -> ListType.create(celType(element));
            case MapOf(Type value) -> MapType.create(SimpleType.STRING, celType(value));
            case Struct(String name) -> StructTypeReference.create(name);
        };
    }

    /** The schema's structures as CEL's checker asks for them. A schema does not change; Error Prone cannot see that of a Map. */
    @SuppressWarnings("Immutable")
    private record SchemaTypes(Schema schema) implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.of();
        }

        @Override
        public Optional<CelType> findType(String name) {
            Map<String, Type> fields = schema.fields(name);
            return fields.isEmpty() && !schema.structs().containsKey(name)
                    ? Optional.empty()
                    : Optional.of(StructType.create(
                            name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field))
                                    .map(ExpressionCompiler::celType)));
        }
    }
}
