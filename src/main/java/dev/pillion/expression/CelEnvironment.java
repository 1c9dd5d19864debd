package dev.pillion.expression;

import dev.cel.checker.CelCheckerBuilder;
import dev.cel.common.CelOptions;
import dev.cel.common.CelVarDecl;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.pillion.expression.limit.BoundedFunctions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The runtime and the functions of CEL that all expressions share. */
final class CelEnvironment {

    /** The maximum length of an expression, in characters. */
    static final int MAX_LENGTH = 4_096;

    static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MAX_LENGTH)
            // CEL's parser, checker and interpreter are recursive. The stack of 1 MB is enough for more than twice this
            // depth.
            .maxParseRecursionDepth(100)
            .comprehensionMaxIterations(10_000)
            .enableHeterogeneousNumericComparisons(true)
            // CEL reserves "namespace" and does not use it. Pillion has a variable of this name.
            .enableReservedIds(false)
            .build();

    static final CelStringExtensions STRINGS = CelExtensions.strings();

    static final CelOptionalLibrary OPTIONALS = CelExtensions.optional();

    static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardFunctions(BoundedFunctions.STANDARD)
            .addLibraries(new BoundedFunctions(STRINGS, OPTIONS), OPTIONALS)
            .addFunctionBindings(FailFunction.BINDING)
            .build();

    private CelEnvironment() {}

    static Checker checker(Schema schema, Map<String, Type> variables) {
        CelCheckerBuilder builder = CelCompilerFactory.standardCelCheckerBuilder()
                .setOptions(OPTIONS)
                .setTypeProvider(new CelTypes.OfSchema(schema))
                .addVarDeclarations(OPTIONALS.variables());
        variables.forEach(
                (name, type) -> builder.addVarDeclarations(CelVarDecl.newVarDeclaration(name, CelTypes.celType(type))));
        return new Checker(
                builder.build(),
                Stream.of(STRINGS.functions(), OPTIONALS.functions(), Set.of(FailFunction.DECLARATION))
                        .flatMap(Set::stream)
                        .toList());
    }
}
