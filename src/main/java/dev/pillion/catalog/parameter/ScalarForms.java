package dev.pillion.catalog.parameter;

import dev.pillion.expression.Excerpt;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;

/** The forms of scalar values in an annotation. */
public final class ScalarForms {

    private static final Pattern DURATION_FORM = Pattern.compile("0|([0-9]+(\\.[0-9]+)?(h|m|s|ms))+");
    private static final Pattern DURATION_PART = Pattern.compile("([0-9.]+)(h|ms|m|s)");

    /** Go counts nanoseconds in 64 bits. */
    private static final BigDecimal MAX_NANOSECONDS = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final Map<String, BigDecimal> NANOSECONDS = Map.of(
            "h",
            new BigDecimal("3600e9"),
            "m",
            new BigDecimal("60e9"),
            "s",
            new BigDecimal("1e9"),
            "ms",
            new BigDecimal("1e6"));

    private static final Pattern QUANTITY_FORM =
            Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
    private static final Pattern IMAGE_FORM = Pattern.compile(
            "([a-zA-Z0-9][-a-zA-Z0-9._]*(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
                    + "(:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?(@[a-z0-9]+:[0-9a-f]{32,})?");

    /** The maximum length of a matched text. Images are shorter, and these patterns recurse too deeply for much longer texts. */
    private static final int MAX_MATCHED = 1_000;

    private ScalarForms() {}

    static long integer(String text) throws InvalidValueException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidValueException("must be an integer such as 3, is " + quoted(text));
        }
    }

    static boolean truth(String text) throws InvalidValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("must be true or false, is " + quoted(text));
        };
    }

    static long port(String text) throws InvalidValueException {
        if (!text.matches("[0-9]{1,5}") || Long.parseLong(text) < 1 || Long.parseLong(text) > 65_535) {
            throw new InvalidValueException("must be a port from 1 to 65535, is " + quoted(text));
        }
        return Long.parseLong(text);
    }

    /**
     * A mount path has no colon (Kubernetes validation), and no {@code ..}, which could leave the directory. An invisible character comes from copied
     * text, and would make the companion and the app use different directories.
     */
    static String path(String text) throws InvalidValueException {
        String path = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        boolean plain = path.startsWith("/") && path.length() > 1 && path.length() <= 4_096 && path.indexOf(':') < 0;
        if (!plain) {
            throw new InvalidValueException(
                    "must be an absolute path such as /var/log/app, below / and without a colon, is " + quoted(text));
        }
        for (String step : path.substring(1).split("/", -1)) {
            if (step.isEmpty() || step.equals(".") || step.equals("..")) {
                throw new InvalidValueException("must be a path without //, . and .., is " + quoted(text));
            }
        }
        // Control characters get their own message in every text.
        if (path.chars().noneMatch(Character::isISOControl)
                && !Excerpt.withoutInvisible(path).equals(path)) {
            throw new InvalidValueException("must be a path without invisible characters, is " + quoted(text));
        }
        return path;
    }

    static String duration(String text) throws InvalidValueException {
        matching(DURATION_FORM, text, "a duration such as 30s, 5m or 1h30m");
        BigDecimal nanoseconds = DURATION_PART
                .matcher(text)
                .results()
                .map(part -> new BigDecimal(part.group(1))
                        .multiply(NANOSECONDS.getOrDefault(part.group(2), BigDecimal.ZERO)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (nanoseconds.compareTo(MAX_NANOSECONDS) > 0) {
            throw new InvalidValueException("must be a duration of at most 2562047h47m, is " + quoted(text));
        }
        return text;
    }

    public static String quantity(String text) throws InvalidValueException {
        return matching(QUANTITY_FORM, text, "a quantity such as 100m, 64Mi or 2");
    }

    static String image(String text) throws InvalidValueException {
        return matching(IMAGE_FORM, text, "an image such as registry.example/team/app:1.2");
    }

    private static String matching(Pattern form, String text, String what) throws InvalidValueException {
        if (text.length() > MAX_MATCHED || !form.matcher(text).matches()) {
            throw new InvalidValueException("must be " + what + ", is " + quoted(text));
        }
        return text;
    }

    static String quoted(String text) {
        return "'" + Excerpt.of(text) + "'";
    }
}
