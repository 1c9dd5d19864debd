package dev.pillion.yaml.splice;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a block scalar.
 *
 * @param indicators the style, and the optional indicators of the indentation and of the line breaks at the end, in the order of the document
 * @param original the indicators that a note in the comment records
 * @param comment the rest of the line
 */
record BlockScalarHeader(String indicators, Optional<String> original, String comment) {

    private static final Pattern FORM = Pattern.compile("(?<indicators>[|>](?:\\d[-+]?|[-+]?\\d?))(?:[ \\t]+"
            + Note.text("(?<original>[|>][-+0-9]*)") + ")?(?<comment>[ \\t].*)?");

    static BlockScalarHeader of(String line) throws UnsupportedTextException {
        Matcher form = FORM.matcher(line);
        if (!form.matches()) {
            throw new UnsupportedTextException("a block scalar that changes");
        }
        String comment = form.group("comment");
        return new BlockScalarHeader(
                form.group("indicators"), Optional.ofNullable(form.group("original")), comment == null ? "" : comment);
    }

    boolean isFolded() {
        return indicators.startsWith(">");
    }

    boolean hasDigit() {
        return indicators.chars().anyMatch(Character::isDigit);
    }

    /** The header of another string. It records the original indicators if they cannot be derived from the original string. */
    String changed(String from, String to) {
        if (original.isPresent() && fits(original.get(), to)) {
            return original.get() + comment;
        }
        String changed = fitting(indicators, to);
        if (original.isPresent()) {
            return changed + " " + Note.text(original.get()) + comment;
        }
        boolean derived = fitting(changed, from).equals(indicators);
        return changed + (derived ? "" : " " + Note.text(indicators)) + comment;
    }

    /** The indicators with another indicator of the line breaks at the end, if necessary. */
    private static String fitting(String indicators, String string) {
        if (fits(indicators, string)) {
            return indicators;
        }
        String chomping = string.endsWith("\n\n") ? "+" : string.endsWith("\n") ? "" : "-";
        String others = indicators.replaceAll("[-+]", "");
        boolean first = indicators.length() > 1 && "-+".indexOf(indicators.charAt(1)) >= 0;
        return first ? others.charAt(0) + chomping + others.substring(1) : others + chomping;
    }

    private static boolean fits(String indicators, String string) {
        if (indicators.contains("-")) {
            return !string.endsWith("\n");
        }
        return string.endsWith("\n") && (indicators.contains("+") || !string.endsWith("\n\n"));
    }
}
