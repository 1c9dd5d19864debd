package dev.pillion.admission;

import dev.pillion.injection.reason.Reason;
import java.util.List;

/** Joins sentences into one message without cutting one of them: what does not fit is counted. */
final class Sentences {

    /** An Event has at most 1,024 characters (k8s.io/kubernetes, validation of Events), of which a code takes some. */
    private static final int LONGEST = 960;

    private static final String BETWEEN = "; ";

    private Sentences() {}

    static String ofReasons(List<Reason> reasons) {
        return join(reasons.stream().map(Reason::message).toList());
    }

    /** The first is always whole. */
    static String join(List<String> sentences) {
        StringBuilder joined = new StringBuilder();
        for (int index = 0; index < sentences.size(); index++) {
            String rest = BETWEEN + "and " + (sentences.size() - index) + " more";
            String sentence = sentences.get(index);
            boolean last = index == sentences.size() - 1;
            int needed = joined.length() + BETWEEN.length() + sentence.length() + (last ? 0 : rest.length());
            if (index > 0 && needed > LONGEST) {
                return joined.append(rest).toString();
            }
            joined.append(index == 0 ? "" : BETWEEN).append(sentence);
        }
        return joined.toString();
    }
}
