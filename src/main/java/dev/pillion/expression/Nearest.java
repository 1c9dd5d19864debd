package dev.pillion.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that someone who mistyped most likely meant. */
public final class Nearest {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    /** A list longer than this is nothing that a person reads at the end of a sentence. */
    private static final int LISTED = 20;

    private Nearest() {}

    /** The nearest of the known names, when at most a third of it (and two characters of a short one) differs. */
    public static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> isNear(name, candidate))
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The end of a sentence about an unknown name: a question for the nearest, or nothing. */
    public static String question(String name, Collection<String> known) {
        return to(name, known)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("");
    }

    /** The end of a sentence about an unknown name: a question for the nearest, or the list of all. */
    public static String hint(String name, Collection<String> known) {
        String question = question(name, known);
        return question.isEmpty() && !known.isEmpty() ? "; known: " + listed(known) : question;
    }

    private static String listed(Collection<String> known) {
        List<String> first = known.stream().sorted().limit(LISTED).toList();
        String more = known.size() > LISTED ? " and " + (known.size() - LISTED) + " more" : "";
        return String.join(", ", first) + more;
    }

    private static boolean isNear(String name, String candidate) {
        int allowed = Math.max(2, candidate.length() / 3);
        // The distance is at least the difference in length; computing it takes the product of both lengths.
        return Math.abs(name.length() - candidate.length()) <= allowed
                && distance(name, candidate) <= allowed
                && distance(name, candidate) < Math.max(name.length(), candidate.length());
    }

    private static int distance(String left, String right) {
        return DISTANCE.apply(left, right);
    }
}
