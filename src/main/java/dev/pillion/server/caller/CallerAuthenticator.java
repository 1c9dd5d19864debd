package dev.pillion.server.caller;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Decides whether the sender of a request may send reviews, before anything of the body is read. It is called on event loops for each
 * review, so it must be fast and must not block.
 */
public interface CallerAuthenticator {

    /** Admits every caller: the default, since not every API server can be configured to identify itself. */
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

    /** One line for the caller that says why it is refused; empty if it may send reviews. */
    Optional<String> refusal(HttpServerRequest request);

    /** What is missing to authenticate anybody, such as keys that the cluster was not asked for yet; empty when nothing is. */
    default Optional<String> missing() {
        return Optional.empty();
    }
}
