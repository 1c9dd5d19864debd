package dev.pillion.catalog.lint;

import java.util.Optional;
import java.util.regex.Pattern;

/** Checks whether an image reference has no fixed version. */
final class FloatingImage {

    private static final Pattern EXPRESSION = Pattern.compile("(?<!\\$)\\$\\{[^}]*}");

    /** Replaces an expression: a character that no reference contains. */
    private static final String ANYTHING = "\0";

    private FloatingImage() {}

    /** The problem of a reference and its solution; the values of expressions are not known. */
    static Optional<String> of(String image) {
        String fixed = EXPRESSION.matcher(image).replaceAll(ANYTHING);
        String last = fixed.substring(fixed.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        boolean tagged = colon >= 0 && !last.substring(colon + 1).equals("latest");
        if (image.isEmpty() || last.contains("@") || tagged || (colon < 0 && last.endsWith(ANYTHING))) {
            return Optional.empty();
        }
        return Optional.of((colon < 0 ? "names no version" : "has the tag 'latest', which changes")
                + "; write a version's tag, such as " + (colon < 0 ? image : image.substring(0, image.lastIndexOf(':')))
                + ":1.2, or a digest");
    }
}
