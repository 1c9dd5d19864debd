package dev.pillion.admission;

import dev.pillion.injection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Fits warnings to what the API server passes on: one line each, since it drops one with a control character, and short, since it
 * cuts all of them when they are more than 4,096 characters together.
 */
final class Warnings {

    /** What Kubernetes asks of webhooks (admission.k8s.io/v1, AdmissionResponse.warnings). */
    static final int MAX_LENGTH = 120;

    private static final int MAX_TOGETHER = 4_096;
    /** Those of ASCII and of Unicode, and what some terminals take for the end of a line. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private static final String PREFIX = "pillion: ";

    private Warnings() {}

    static List<String> of(List<Reason> reasons) {
        List<String> warnings = new ArrayList<>();
        int together = 0;
        for (Reason reason : reasons) {
            String warning = shortened(PREFIX + oneLine(reason.message()));
            together += warning.length();
            if (together > MAX_TOGETHER) {
                return warnings;
            }
            warnings.add(warning);
        }
        return warnings;
    }

    private static String oneLine(String text) {
        return CONTROLS.matcher(text).replaceAll(" ");
    }

    private static String shortened(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = MAX_LENGTH - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
