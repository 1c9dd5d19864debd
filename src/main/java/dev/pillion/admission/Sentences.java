package dev.pillion.admission;

import dev.pillion.injection.reason.Reason;
import java.util.List;
import java.util.stream.Collectors;

/** Joins sentences into one message. It never cuts a sentence. If the message would be too long, it omits the last sentences and says how many. */
final class Sentences {

    /** The message of an Event has at most 1,024 characters (k8s.io/kubernetes, validation of Events). */
    private static final int MAX_LENGTH = 960;

    private static final String SEPARATOR = "; ";

    private Sentences() {}

    /** The message of a denial, which names the reason code so that it can be looked up. */
    static String withCode(Reason reason) {
        return reason.message() + " (" + reason.code() + ")";
    }

    static String withCodes(List<Reason> reasons) {
        return join(reasons.stream().map(Sentences::withCode).toList());
    }

    /** The different codes of these reasons, in their order. There are few codes, so the text is short. */
    static String codes(List<Reason> reasons) {
        return reasons.stream().map(each -> each.code().toString()).distinct().collect(Collectors.joining(","));
    }

    static String ofReasons(List<Reason> reasons) {
        return join(reasons.stream().map(Reason::message).toList());
    }

    /** The first sentence is never left out. */
    static String join(List<String> sentences) {
        StringBuilder joined = new StringBuilder();
        for (int index = 0; index < sentences.size(); index++) {
            String rest = SEPARATOR + "and " + (sentences.size() - index) + " more";
            String sentence = sentences.get(index);
            boolean last = index == sentences.size() - 1;
            int needed = joined.length() + SEPARATOR.length() + sentence.length() + (last ? 0 : rest.length());
            if (index > 0 && needed > MAX_LENGTH) {
                return joined.append(rest).toString();
            }
            joined.append(index == 0 ? "" : SEPARATOR).append(sentence);
        }
        return joined.toString();
    }
}
