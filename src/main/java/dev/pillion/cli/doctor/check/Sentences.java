package dev.pillion.cli.doctor.check;

import java.util.Collection;

/** Parts of sentences. */
final class Sentences {

    private static final int LISTED = 5;

    private Sentences() {}

    /** For example {@code 1 replica} or {@code 2 replicas}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** The first names, separated by commas, and the number of the others. */
    static String list(Collection<?> names) {
        String first = String.join(
                ", ", names.stream().limit(LISTED).map(Object::toString).toList());
        return names.size() > LISTED ? first + " and " + (names.size() - LISTED) + " more" : first;
    }
}
