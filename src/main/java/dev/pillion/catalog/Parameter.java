package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.catalog.parameter.ResourceBounds;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Template;
import dev.pillion.pod.ReviewLimits;
import java.util.List;
import java.util.Optional;

/**
 * A profile's parameter.
 *
 * @param defaultValue the value if no annotation or policy sets one: a constant, or an expression over the Pod
 * @param defaultText the default as the profile writes it
 * @param pattern RE2, matched against the whole text; against each element of a list and each key of a map
 * @param minimum of an integer or a port, inclusive
 * @param maximum of an integer or a port, inclusive
 * @param resources the bounds of a parameter of type {@code resources}
 * @param values of an enum
 * @param overridable whether an annotation can set it
 */
public record Parameter(
        String name,
        ParameterType type,
        String description,
        Optional<Template> defaultValue,
        String defaultText,
        boolean required,
        Optional<Pattern> pattern,
        Optional<Long> minimum,
        Optional<Long> maximum,
        ResourceBounds resources,
        List<String> values,
        boolean overridable) {

    public Parameter {
        values = List.copyOf(values);
    }

    /**
     * Reads the value that an annotation gives.
     *
     * @throws InvalidValueException if the value is not valid
     */
    public JsonNode parse(String text) throws InvalidValueException {
        if (text.length() > ReviewLimits.PARAMETER_LENGTH) {
            throw tooLong(text.length(), ReviewLimits.PARAMETER_LENGTH);
        }
        return checked(type.parse(text));
    }

    /** Reads the value that the profile or an expression gives. */
    public JsonNode read(JsonNode value) throws InvalidValueException {
        return checked(type.read(value));
    }

    private JsonNode checked(JsonNode value) throws InvalidValueException {
        switch (type) {
            case INTEGER, PORT -> checkRange(value.longValue());
            case ENUM -> checkOneOf(value.textValue());
            case STRING, PATH, DURATION, QUANTITY, IMAGE -> checkText(value.textValue());
            case LIST, PATHS -> {
                checkSize(value.size());
                for (JsonNode element : value) {
                    checkText(element.textValue());
                }
            }
            case MAP -> {
                checkSize(value.size());
                for (var field : value.properties()) {
                    checkText(field.getKey());
                    checkNoNul(field.getValue().textValue());
                }
            }
            case RESOURCES -> resources.check(value);
            case BOOLEAN, ENDPOINTS -> {}
        }
        return value;
    }

    private static InvalidValueException tooLong(int length, int limit) {
        return InvalidValueException.tooLarge("has " + length + " characters; at most " + limit + " are allowed");
    }

    private static void checkSize(int elements) throws InvalidValueException {
        if (elements > ReviewLimits.ELEMENTS) {
            throw InvalidValueException.tooLarge(
                    "has " + elements + " elements; at most " + ReviewLimits.ELEMENTS + " are allowed");
        }
    }

    private void checkRange(long value) throws InvalidValueException {
        if (minimum.isPresent() && value < minimum.get()) {
            throw new InvalidValueException("must be at least " + minimum.get() + ", is " + value);
        }
        if (maximum.isPresent() && value > maximum.get()) {
            throw new InvalidValueException("must be at most " + maximum.get() + ", is " + value);
        }
    }

    private void checkOneOf(String value) throws InvalidValueException {
        if (!values.contains(value)) {
            throw new InvalidValueException("must be one of " + String.join(", ", values) + ", is '" + Excerpt.of(value)
                    + "'" + Nearest.question(value, values));
        }
    }

    private void checkText(String value) throws InvalidValueException {
        for (int index = 0; index < value.length(); index++) {
            if (Character.isISOControl(value.charAt(index))) {
                throw new InvalidValueException(
                        "contains a control character or a line break, which a " + type.word() + " cannot contain");
            }
        }
        if (pattern.isPresent() && value.length() > ReviewLimits.MATCHED_LENGTH) {
            throw tooLong(value.length(), ReviewLimits.MATCHED_LENGTH);
        }
        if (pattern.isPresent() && !pattern.get().matches(value)) {
            throw new InvalidValueException("must match " + pattern.get() + ", is '" + Excerpt.of(value) + "'");
        }
    }

    /** A value of a map can have several lines, like a certificate. An environment variable cannot contain NUL. */
    private static void checkNoNul(String value) throws InvalidValueException {
        if (value.indexOf('\0') >= 0) {
            throw new InvalidValueException("contains a NUL character, which no environment variable can contain");
        }
    }
}
