package dev.pillion.server.caller;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Decides whether the sender of a request may send reviews, before the body is read. It is called on event loops for each review, so it must be fast and
 * must not block.
 */
public interface CallerAuthenticator {

    /** Accepts every caller. This is the default, because not every API server can be configured to authenticate. */
    CallerAuthenticator OFF = new CallerAuthenticator() {
        @Override
        public Optional<String> refusal(HttpServerRequest request) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "not authenticated";
        }
    };

    /** Why the caller is refused, in one line that is sent to the caller; empty if it may send reviews. */
    Optional<String> refusal(HttpServerRequest request);

    /** Why no caller can be authenticated yet, for example because keys were not read yet; empty if callers can be authenticated. */
    default Optional<String> missing() {
        return Optional.empty();
    }
}
