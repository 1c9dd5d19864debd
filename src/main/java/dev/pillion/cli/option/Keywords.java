package dev.pillion.cli.option;

import dev.pillion.expression.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option's value that is one of a few words. */
public record Keywords<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {

    /** The word for a constant. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public E convert(String value) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        List<String> words = constants.stream().map(Keywords::of).toList();
        return constants.stream()
                .filter(constant -> of(constant).equals(value.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("must be one of " + String.join(", ", words) + ", is '"
                        + value + "'"
                        + Nearest.to(value, words)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("")));
    }
}
