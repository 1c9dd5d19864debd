package dev.pillion.cli.option;

import dev.pillion.expression.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the value of an option that is one of a few keywords. */
public record Keywords<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {

    /** The keyword of a constant. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public E convert(String value) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        List<String> keywords = constants.stream().map(Keywords::of).toList();
        return constants.stream()
                .filter(constant -> of(constant).equals(value.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("must be one of " + String.join(", ", keywords) + ", is '"
                                + value + "'"
                                + Nearest.to(value, keywords)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse("")));
    }
}
