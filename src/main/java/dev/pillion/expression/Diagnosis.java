package dev.pillion.expression;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explains the errors of CEL's checker for users. */
final class Diagnosis {

    private static final Pattern FIELD = Pattern.compile("undefined field '([^']+)'");
    private static final Pattern REFERENCE = Pattern.compile("undeclared reference to '([^']+)'.*");
    private static final Pattern OVERLOAD =
            Pattern.compile("found no matching overload for '([^']+)' applied to '([^']+)'.*", Pattern.DOTALL);
    private static final Pattern PATH_BEFORE = Pattern.compile("(\\w+)((?:\\.\\??\\w+|\\[[^\\]]*\\])*)\\.?\\??$");
    private static final Pattern STEP = Pattern.compile("\\.\\??(\\w+)|(\\[)");

    private static final Set<String> FUNCTIONS = functions();

    /** Names of CEL's functions in other languages, in lower case. */
    private static final Map<String, String> FUNCTION_SYNONYMS = Map.ofEntries(
            Map.entry("len", "size"),
            Map.entry("length", "size"),
            Map.entry("count", "size"),
            Map.entry("str", "string"),
            Map.entry("tostring", "string"),
            Map.entry("toint", "int"),
            Map.entry("integer", "int"),
            Map.entry("lower", "lowerAscii"),
            Map.entry("tolower", "lowerAscii"),
            Map.entry("tolowercase", "lowerAscii"),
            Map.entry("upper", "upperAscii"),
            Map.entry("toupper", "upperAscii"),
            Map.entry("touppercase", "upperAscii"),
            Map.entry("includes", "contains"),
            Map.entry("hasprefix", "startsWith"),
            Map.entry("hassuffix", "endsWith"),
            Map.entry("strip", "trim"),
            Map.entry("any", "exists"),
            Map.entry("some", "exists"),
            Map.entry("every", "all"),
            Map.entry("default", "orValue"),
            Map.entry("orelse", "orValue"),
            Map.entry("regex", "matches"));

    private static final Map<String, String> VARIABLE_SYNONYMS = Map.of(
            "parameters", "params",
            "values", "params",
            "ns", "namespace",
            "container", "app",
            "spec", "pod.spec",
            "metadata", "pod.metadata");

    private Diagnosis() {}

    static String explain(String message, String source, int column, Map<String, Type> variables, Schema schema) {
        Matcher field = FIELD.matcher(message);
        if (field.find()) {
            String before = before(field.group(1), source, Math.min(column, source.length()));
            return "unknown field '" + field.group(1) + "'"
                    + Nearest.hint(field.group(1), fieldsOf(before, variables, schema));
        }
        Matcher reference = REFERENCE.matcher(message);
        if (reference.matches() && isCalled(reference.group(1), source)) {
            return "unknown function '" + reference.group(1) + "'"
                    + Nearest.question(reference.group(1), FUNCTIONS, FUNCTION_SYNONYMS);
        }
        if (reference.matches()) {
            return "unknown name '" + reference.group(1) + "'"
                    + Nearest.hint(reference.group(1), variables.keySet(), VARIABLE_SYNONYMS);
        }
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            // CEL calls its operators _+_, _[_], @in.
            return "'" + overload.group(1).replaceAll("[_@]", "") + "' does not take " + overload.group(2);
        }
        // The parser lists every possible token.
        return message.replaceFirst(" expecting (\\{.*|<EOF>)$", "").replace("'<EOF>'", "the end");
    }

    /** The text before a field. CEL gives the column of the dot, but for {@code has(a.b)} that of the macro. */
    private static String before(String field, String source, int column) {
        int dot = source.startsWith("has(", Math.max(0, column - 3)) ? source.indexOf("." + field, column) : -1;
        return source.substring(0, dot < 0 ? column : dot + 1);
    }

    private static boolean isCalled(String name, String source) {
        return Pattern.compile("\\b" + Pattern.quote(name) + "\\s*\\(")
                .matcher(source)
                .find();
    }

    private static Set<String> functions() {
        Set<String> names = new HashSet<>(CelStandardDeclarations.getAllFunctionNames());
        CelExtensions.strings().functions().forEach(function -> names.add(function.name()));
        CelStandardMacro.STANDARD_MACROS.forEach(macro -> names.add(macro.getFunction()));
        names.addAll(List.of("optMap", "optFlatMap", "orValue", "hasValue", "value", FailFunction.NAME));
        // Operators are functions too: _+_, @in.
        names.removeIf(name -> !Character.isLetter(name.charAt(0)));
        return Set.copyOf(names);
    }

    /** The fields of the value before the dot, if it is a plain path such as {@code params.targets[0]}. */
    private static Set<String> fieldsOf(String before, Map<String, Type> variables, Schema schema) {
        Matcher path = PATH_BEFORE.matcher(before);
        if (!path.find()) {
            return Set.of();
        }
        Type type = variables.getOrDefault(path.group(1), Scalar.ANY);
        Matcher step = STEP.matcher(path.group(2));
        while (step.find()) {
            type = stepInto(type, step.group(1), schema);
        }
        return type instanceof Struct(String name) ? schema.fields(name).keySet() : Set.of();
    }

    private static Type stepInto(Type type, @org.jspecify.annotations.Nullable String field, Schema schema) {
        return switch (type) {
            case Struct(String name) when field != null -> schema.fields(name).getOrDefault(field, Scalar.ANY);
            case ListOf(Type element) when field == null -> element;
            case MapOf(Type value) -> value;
            case Struct struct -> Scalar.ANY;
            case ListOf list -> Scalar.ANY;
            case Scalar scalar -> Scalar.ANY;
        };
    }
}
