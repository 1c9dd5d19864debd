package dev.pillion.expression;

import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what CEL says of a name that it does not know into what a person meant. */
final class UnknownName {

    private static final Pattern FIELD = Pattern.compile("undefined field '([^']+)'");
    private static final Pattern REFERENCE = Pattern.compile("undeclared reference to '([^']+)'.*");
    private static final Pattern PATH_BEFORE = Pattern.compile("(\\w+)((?:\\.\\??\\w+|\\[[^\\]]*\\])*)\\.?\\??$");
    private static final Pattern STEP = Pattern.compile("\\.\\??(\\w+)|(\\[)");

    private UnknownName() {}

    static String explain(String message, String source, int column, Map<String, Type> variables, Schema schema) {
        Matcher field = FIELD.matcher(message);
        if (field.find()) {
            String before = source.substring(0, Math.min(column, source.length()));
            return "unknown field '" + field.group(1) + "'"
                    + Nearest.hint(field.group(1), fieldsOf(before, variables, schema));
        }
        Matcher reference = REFERENCE.matcher(message);
        if (reference.matches()) {
            return "unknown name '" + reference.group(1) + "'" + Nearest.hint(reference.group(1), variables.keySet());
        }
        return message;
    }

    /** The fields of what stands before the dot, as far as a plain path such as {@code params.targets[0]} tells. */
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
