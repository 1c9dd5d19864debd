package dev.pillion.admission;

import dev.pillion.injection.reason.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Formats warnings within the limits of the API server: lines of at most 120 characters, and at most 4,096 characters in total, beyond which it
 * cuts every line. A longer warning continues on further lines, so its source and its cause stay. A reason has no control characters, for
 * which the API server would drop the line.
 */
final class Warnings {

    /** The limit of Kubernetes (admission.k8s.io/v1, AdmissionResponse.warnings). */
    static final int MAX_LENGTH = 120;

    private static final int MAX_TOGETHER = 4_096;

    /** Only a message that repeats very long names is longer. Its cause is in the first lines. */
    private static final int MOST_LINES = 8;

    private static final String PREFIX = "pillion: ";
    private static final String CONTINUED = PREFIX + "… ";
    private static final String END = " …";

    /** Space for the number of a warning, such as {@code (34) }. */
    private static final int NUMBER = 5;

    private Warnings() {}

    static List<String> of(List<Reason> reasons) {
        return ofTexts(reasons.stream().map(Reason::message).toList());
    }

    static List<String> ofTexts(List<String> all) {
        List<String> texts = all.stream().distinct().toList();
        List<String> warnings = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        int together = 0;
        for (int index = 0; index < texts.size(); index++) {
            List<String> lines = lines(texts.get(index), index + 1, distinct);
            String rest = PREFIX + (texts.size() - index) + " more warnings are omitted";
            int length = lines.stream().mapToInt(String::length).sum();
            boolean last = index == texts.size() - 1;
            if (together + length + (last ? 0 : rest.length()) > MAX_TOGETHER) {
                warnings.add(rest);
                return warnings;
            }
            together += length;
            warnings.addAll(lines);
            distinct.addAll(lines);
        }
        return warnings;
    }

    /** @param present lines of other warnings: the API server drops a repeated line, so a repeated line gets a number */
    private static List<String> lines(String text, int number, Set<String> present) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (lines.size() < MOST_LINES && !rest.isEmpty()) {
            String start = lines.isEmpty() ? PREFIX : CONTINUED;
            int room = MAX_LENGTH - start.length();
            boolean whole = lines.isEmpty() && rest.length() <= room;
            int end = whole || rest.length() <= room - NUMBER ? rest.length() : end(rest, room - NUMBER - END.length());
            String part = rest.substring(0, end).stripTrailing() + (end < rest.length() ? END : "");
            boolean repeated = present.contains(start + part);
            lines.add(start + (repeated ? "(" + number + ") " : "") + part);
            rest = rest.substring(end).stripLeading();
        }
        return lines;
    }

    /** The end of a line: after a word if the line has several, and never within a character. */
    private static int end(String text, int limit) {
        int space = text.lastIndexOf(' ', limit);
        if (space > limit / 2) {
            return space;
        }
        return Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    }
}
