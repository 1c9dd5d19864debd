package dev.pillion.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/**
 * Suggests a known name for an unknown one: a name with a similar spelling, or a synonym from a table. There is no suggestion without a similar
 * name, because a wrong suggestion is worse than none.
 */
public final class Nearest {

    /** Counts two letters in the wrong order as one change. */
    private static final DamerauLevenshteinDistance DISTANCE = new DamerauLevenshteinDistance();

    /**
     * The maximum length of a compared name: no profile, parameter, container or field has a longer one. A comparison takes time in proportion to
     * the product of the lengths.
     */
    private static final int LONGEST = 100;

    /** The maximum number of compared names. Lists of known names are shorter in practice. */
    private static final int MOST_COMPARED = 500;

    /** The maximum number of names in a list at the end of a sentence. */
    private static final int LISTED = 20;

    private Nearest() {}

    /**
     * The most similar of the known names, if it is similar enough. Letter case and separators do not count. One letter of a short name, two of a
     * name of six letters and three of a name of nine can differ. A common prefix before a slash and a common file extension are not compared.
     */
    public static Optional<String> to(String name, Collection<String> known) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .limit(MOST_COMPARED)
                .filter(candidate -> candidate.length() <= LONGEST)
                .flatMap(candidate -> Candidate.of(candidate, name).stream())
                .min(Comparator.comparingInt(Candidate::distance)
                        .thenComparing(candidate -> candidate.name().equalsIgnoreCase(name) ? 0 : 1)
                        .thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /** The known name for which the table has the name as a synonym, or the nearest known name. */
    public static Optional<String> to(String name, Collection<String> known, Map<String, String> synonyms) {
        return to(name, known, known, synonyms);
    }

    /** @param synonymous the known names that a synonym can suggest, for example those that are not in the same map */
    public static Optional<String> to(
            String name, Collection<String> known, Collection<String> synonymous, Map<String, String> synonyms) {
        return Optional.ofNullable(synonyms.get(name.length() > LONGEST ? "" : plain(name)))
                .filter(synonym -> synonymous.contains(synonym.replaceFirst("\\..*", "")))
                .or(() -> to(name, known));
    }

    /** A known name with the number of different characters. */
    private record Candidate(String name, int distance) {

        static Optional<Candidate> of(String candidate, String other) {
            int prefix = sharedPrefix(candidate, other);
            int suffix = sharedExtension(candidate.substring(prefix), other.substring(prefix));
            String one = plain(candidate.substring(prefix, candidate.length() - suffix));
            String two = plain(other.substring(prefix, other.length() - suffix));
            int longer = Math.max(one.length(), two.length());
            if (one.isEmpty() || Math.abs(one.length() - two.length()) > allowed(longer)) {
                return Optional.empty();
            }
            int distance = DISTANCE.apply(one, two);
            return distance <= allowed(longer) ? Optional.of(new Candidate(candidate, distance)) : Optional.empty();
        }
    }

    private static int sharedPrefix(String one, String two) {
        int slash = one.lastIndexOf('/') + 1;
        return two.startsWith(one.substring(0, slash)) ? slash : 0;
    }

    private static int sharedExtension(String one, String two) {
        int dot = one.lastIndexOf('.');
        return dot > 0 && two.endsWith(one.substring(dot)) && two.length() > one.length() - dot
                ? one.length() - dot
                : 0;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    private static int allowed(int length) {
        return length < 3 ? 0 : Math.min(3, Math.max(1, length / 3));
    }

    /** The end of a sentence about an unknown name: a question with the nearest name, or an empty text. */
    public static String question(String name, Collection<String> known) {
        return question(to(name, known));
    }

    /** As {@link #question(String, Collection)}, with synonyms for some of the known names. */
    public static String question(String name, Collection<String> known, Map<String, String> synonyms) {
        return question(to(name, known, synonyms));
    }

    private static String question(Optional<String> nearest) {
        return nearest.map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    /** The end of a sentence about an unknown name: a question with the nearest name, or the list of all names. */
    public static String hint(String name, Collection<String> known) {
        return hint(name, known, Map.of());
    }

    /** As {@link #hint(String, Collection)}, with synonyms for some of the known names. */
    public static String hint(String name, Collection<String> known, Map<String, String> synonyms) {
        String question = question(name, known, synonyms);
        return question.isEmpty() ? listing(known) : question;
    }

    /** The end of a sentence about an unknown name without a similar one: the list of all names. */
    public static String listing(Collection<String> known) {
        return known.isEmpty() ? "" : "; known: " + listed(known);
    }

    private static String listed(Collection<String> known) {
        List<String> first =
                known.stream().sorted().limit(LISTED).map(Excerpt::of).toList();
        String more = known.size() > LISTED ? " and " + (known.size() - LISTED) + " more" : "";
        return String.join(", ", first) + more;
    }
}
