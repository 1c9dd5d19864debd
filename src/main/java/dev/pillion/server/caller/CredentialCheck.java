package dev.pillion.server.caller;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Checks one kind of credential. */
interface CredentialCheck {

    /** The result of a check. */
    sealed interface Finding {}

    record Accepted() implements Finding {}

    /** @param expected the credential that the caller did not show, such as "client certificate" */
    record Missing(String expected) implements Finding {}

    /**
     * @param cause for the metric
     * @param reason for people, as a part of a sentence; one line, with text of the caller only in an escaped and short form
     */
    record Rejected(String cause, String reason) implements Finding {}

    Finding check(HttpServerRequest request);

    /** Why no check can succeed yet; empty if checks can succeed. */
    default Optional<String> missing() {
        return Optional.empty();
    }
}
