package dev.pillion.admission;

import dev.pillion.injection.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits warnings to what the API server passes on: short ones, since it cuts all of them when they are more than 4,096 characters
 * together. It also drops one with a control character; a reason has none.
 */
final class Warnings {

    /** What Kubernetes asks of webhooks (admission.k8s.io/v1, AdmissionResponse.warnings). */
    static final int MAX_LENGTH = 120;

    private static final int MAX_TOGETHER = 4_096;
    private static final String PREFIX = "pillion: ";

    private Warnings() {}

    static List<String> of(List<Reason> reasons) {
        return ofTexts(reasons.stream().map(Reason::message).toList());
    }

    static List<String> ofTexts(List<String> texts) {
        List<String> warnings = new ArrayList<>();
        int together = 0;
        for (String text : texts) {
            String warning = shortened(PREFIX + text);
            together += warning.length();
            if (together > MAX_TOGETHER) {
                return warnings;
            }
            warnings.add(warning);
        }
        return warnings;
    }

    private static String shortened(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = MAX_LENGTH - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
