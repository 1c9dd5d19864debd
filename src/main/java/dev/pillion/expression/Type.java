package dev.pillion.expression;

/** The type of a variable, of a field in a template, or of the result of an expression. */
public sealed interface Type {

    /** Types without parts. */
    enum Scalar implements Type {
        /** Known at evaluation only. */
        ANY("any value"),
        STRING("a string"),
        /** A string in which the kubelet expands {@code $(NAME)}: commands, arguments, values of environment variables. */
        EXPANDED_STRING("a string"),
        INTEGER("an integer"),
        NUMBER("a number"),
        BOOLEAN("a boolean"),
        /** Kubernetes' IntOrString, for example a probe's port. */
        INTEGER_OR_STRING("an integer or a string"),
        /** Kubernetes' resource quantity: {@code 100m}, {@code 64Mi}, or a plain number. */
        QUANTITY("a quantity");

        private final String description;

        Scalar(String description) {
            this.description = description;
        }

        @Override
        public String toString() {
            return description;
        }
    }

    record ListOf(Type element) implements Type {
        @Override
        public String toString() {
            return "a list";
        }
    }

    record MapOf(Type value) implements Type {
        @Override
        public String toString() {
            return "a map";
        }
    }

    /** The type with the type of its elements, for a sentence about two lists or two maps. */
    default String detail() {
        return switch (this) {
            case ListOf(Type element) -> "a list of " + element.plural();
            case MapOf(Type value) -> "a map of " + value.plural();
            case Struct struct -> toString();
            case Scalar scalar -> toString();
        };
    }

    private String plural() {
        return switch (this) {
            case ListOf list -> "lists";
            case MapOf map -> "maps";
            case Struct(String name) -> name + "s";
            case Scalar scalar ->
                switch (scalar) {
                    case ANY -> "any values";
                    case STRING, EXPANDED_STRING -> "strings";
                    case INTEGER -> "integers";
                    case NUMBER -> "numbers";
                    case BOOLEAN -> "booleans";
                    case INTEGER_OR_STRING -> "integers or strings";
                    case QUANTITY -> "quantities";
                };
        };
    }

    /** A structure whose fields a {@link Schema} lists under this name. */
    record Struct(String name) implements Type {
        @Override
        public String toString() {
            return ("AEIOU".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
        }
    }
}
