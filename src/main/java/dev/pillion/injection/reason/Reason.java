package dev.pillion.injection.reason;

import dev.pillion.expression.Excerpt;
import dev.pillion.pod.ReviewLimits;

/**
 * Why something was decided.
 *
 * @param message a sentence for a person: which annotation or field, what is wrong, what would be right
 */
public record Reason(ReasonCode code, String message) {

    public Reason {
        message = Excerpt.visible(Excerpt.of(message, ReviewLimits.MESSAGE_LENGTH));
    }
}
