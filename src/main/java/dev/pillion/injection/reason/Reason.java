package dev.pillion.injection.reason;

import dev.pillion.expression.Excerpt;
import dev.pillion.pod.ReviewLimits;

/**
 * The reason for a decision.
 *
 * @param message a sentence for people: which annotation or field, what is wrong, what would be right
 */
public record Reason(ReasonCode code, String message) {

    public Reason {
        message = Excerpt.visible(Excerpt.of(message, ReviewLimits.MESSAGE_LENGTH));
    }
}
