package dev.pillion.catalog.lint;

import java.util.Optional;
import java.util.regex.Pattern;

/** An image reference that is another image from one day to the next. */
final class FloatingImage {

    private static final Pattern EXPRESSION = Pattern.compile("(?<!\\$)\\$\\{[^}]*}");

    /** Stands for what an expression gives: neither a colon nor the end of a path, and in no reference. */
    private static final String ANYTHING = "\0";

    private FloatingImage() {}

    /** What is wrong with a reference and what would be right; nothing is known of the part that an expression gives. */
    static Optional<String> of(String image) {
        String fixed = EXPRESSION.matcher(image).replaceAll(ANYTHING);
        String last = fixed.substring(fixed.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        boolean tagged = colon >= 0 && !last.substring(colon + 1).equals("latest");
        if (image.isEmpty() || last.contains("@") || tagged || (colon < 0 && last.endsWith(ANYTHING))) {
            return Optional.empty();
        }
        return Optional.of((colon < 0 ? "names no version" : "is whatever is newest")
                + "; write a version's tag, as " + (colon < 0 ? image : image.substring(0, image.lastIndexOf(':')))
                + ":1.2, or a digest");
    }
}
