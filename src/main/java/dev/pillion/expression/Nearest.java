package dev.pillion.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that someone who mistyped most likely meant. */
public final class Nearest {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private Nearest() {}

    /** The nearest of the known names, when at most a third of it (and two characters of a short one) differs. */
    public static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= Math.max(2, candidate.length() / 3))
                .filter(candidate -> distance(name, candidate) < Math.max(name.length(), candidate.length()))
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The end of a sentence about an unknown name: a question for the nearest, or the list of all. */
    public static String hint(String name, Collection<String> known) {
        return to(name, known)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElseGet(() -> known.isEmpty()
                        ? ""
                        : "; known: "
                                + String.join(", ", known.stream().sorted().toList()));
    }

    private static int distance(String left, String right) {
        return DISTANCE.apply(left, right);
    }
}
