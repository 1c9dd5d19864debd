package dev.pillion.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that someone who mistyped most likely meant. */
public final class Nearest {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    /**
     * No profile, parameter, container or field has a longer name. The comparison of two names takes time in proportion to the product of
     * their lengths.
     */
    private static final int LONGEST = 100;

    /** Of the names that are compared. No list of names that people choose from is longer. */
    private static final int MOST_COMPARED = 500;

    /** A list longer than this is nothing that a person reads at the end of a sentence. */
    private static final int LISTED = 20;

    private Nearest() {}

    /** The nearest of the known names, when at most a third of it (and two characters of a short one) differs. */
    public static Optional<String> to(String name, Collection<String> known) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .limit(MOST_COMPARED)
                .filter(candidate -> isAboutAsLong(name, candidate))
                .map(candidate -> new Candidate(candidate, DISTANCE.apply(name, candidate)))
                .filter(candidate -> candidate.isNear(name))
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /** A known name, and in how many characters it differs. */
    private record Candidate(String name, int distance) {

        boolean isNear(String other) {
            return distance <= allowed(name) && distance < Math.max(name.length(), other.length());
        }
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
        List<String> first =
                known.stream().sorted().limit(LISTED).map(Excerpt::of).toList();
        String more = known.size() > LISTED ? " and " + (known.size() - LISTED) + " more" : "";
        return String.join(", ", first) + more;
    }

    /** The distance is at least the difference in length. */
    private static boolean isAboutAsLong(String name, String candidate) {
        return candidate.length() <= LONGEST && Math.abs(name.length() - candidate.length()) <= allowed(candidate);
    }

    private static int allowed(String candidate) {
        return Math.max(2, candidate.length() / 3);
    }
}
