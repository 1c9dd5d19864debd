package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.checker.CelCheckerBuilder;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.common.CelValidationResult;
import dev.cel.common.CelVarDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.pillion.yaml.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** It finds the same mistakes as CEL's own compiler, which always declares all functions. */
class CheckerTest {

    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    private static final CelCompiler ALL = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings(), CelExtensions.optional())
            .addVar("text", SimpleType.STRING)
            .addVar("number", SimpleType.INT)
            .addVar("any", SimpleType.DYN)
            .addVar("list", ListType.create(SimpleType.STRING))
            .addVar("map", MapType.create(SimpleType.STRING, SimpleType.INT))
            .build();

    private static final Checker CHECKER = new Checker(
            bare().build(),
            Stream.of(
                            CelExtensions.strings().functions(),
                            CelExtensions.optional().functions())
                    .flatMap(Set::stream)
                    .toList());

    private static final List<String> WHOLE = List.of(
            "text",
            "nothing",
            "text.nothing",
            "string(number) + text",
            "number + text",
            "-number < 3.5 || !(number >= 2u)",
            "text in list && 'a' in map && any in any",
            "list.exists(each, each.startsWith('a') && each.size() > 2)",
            "list.map(each, each.lowerAscii()).filter(each, each != '').join(',')",
            "list.all(each, each.matches('^a')) ? list[0] : text.substring(1, 3)",
            "map.?port.orValue(80)",
            "any.?a.?b[?0].optMap(it, it + 1)",
            "map[?'port'].hasValue() ? optional.of(1) : optional.none()",
            "optional.ofNonZeroValue(text).or(optional.of('x')).value()",
            "[?optional.of(1), 2]",
            "{'a': number, ?'b': map.?b}",
            "has(map.port) && has(any.port.name)",
            "text.replace('a', 'b').split('.').size()",
            "text.unknown(1)",
            "optional.unknown(1)",
            "unknown(1)",
            "text.startsWith(1)",
            "size(number)",
            "type(number) == int",
            "timestamp('2026-01-01T00:00:00Z') + duration('1h') > timestamp(0)",
            "int('1') / 2 % 3 * number - 4",
            "dyn(text) == number",
            "[1, 'a', any].size()",
            "list.exists(each, nothing)",
            "optional.size()",
            "text.indexOf('a', 1) == text.lastIndexOf('b')",
            "'%s'.format([text])",
            "bytes(text) == b'abc'");

    private static final List<String> PARTS = List.of(
            "text", "number", "any", "list", "map", "'a'", "1", "2.5", "true", "null", "nothing", "map.?a", "list[0]");

    private static final List<String> FORMS = List.of(
            "(%s + %s)",
            "(%s == %s)",
            "(%s && %s)",
            "(%s in %s)",
            "(%s < %s)",
            "%s.contains(%s)",
            "%s.orValue(%s)",
            "%s.exists(x, x == %s)",
            "(%s ? %s : 1)",
            "size(%s) - %s",
            "optional.of(%s).or(%s)",
            "%s.split(%s)",
            "{%s: %s}",
            "[%s, %s]");

    @Test
    void findsTheSameMistakesAsCelsCompiler() throws Exception {
        for (String source : WHOLE) {
            assertThat(checked(source)).as(source).isEqualTo(described(ALL.compile(source)));
        }
    }

    @Test
    void findsTheSameMistakesInRandomExpressions() {
        Seeds.each(1_000, random -> {
            String source = expression(random, 3);

            assertThat(checked(source)).as(source).isEqualTo(described(ALL.compile(source)));
        });
    }

    private static String expression(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return PARTS.get(random.nextInt(PARTS.size()));
        }
        return FORMS.get(random.nextInt(FORMS.size()))
                .formatted(expression(random, depth - 1), expression(random, depth - 1));
    }

    private static List<Object> checked(String source) throws Exception {
        return described(CHECKER.check(ALL.parse(source).getAst()));
    }

    /** The mistakes with their places, or the type and the overload of each step. */
    private static List<Object> described(CelValidationResult result) throws Exception {
        List<Object> description = new ArrayList<>();
        result.getErrors().forEach(error -> description.add(error.getSourceLocation() + " " + error.getMessage()));
        if (description.isEmpty()) {
            CelAbstractSyntaxTree ast = result.getAst();
            description.add(CelProtoAbstractSyntaxTree.fromCelAst(ast).toCheckedExpr());
        }
        return description;
    }

    private static CelCheckerBuilder bare() {
        return CelCompilerFactory.standardCelCheckerBuilder()
                .setOptions(OPTIONS)
                .addVarDeclarations(CelExtensions.optional().variables())
                .addVarDeclarations(
                        variable("text", SimpleType.STRING),
                        variable("number", SimpleType.INT),
                        variable("any", SimpleType.DYN),
                        variable("list", ListType.create(SimpleType.STRING)),
                        variable("map", MapType.create(SimpleType.STRING, SimpleType.INT)));
    }

    private static CelVarDecl variable(String name, CelType type) {
        return CelVarDecl.newVarDeclaration(name, type);
    }
}
