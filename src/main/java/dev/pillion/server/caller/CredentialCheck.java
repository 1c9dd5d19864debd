package dev.pillion.server.caller;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Looks at one kind of credential that a caller may show. */
interface CredentialCheck {

    /** What a check found. */
    sealed interface Finding {}

    record Accepted() implements Finding {}

    /** @param expected the credential that the caller did not show, such as "client certificate" */
    record Missing(String expected) implements Finding {}

    /**
     * @param cause for the metric
     * @param reason for people, as a part of a sentence; one line without anything that a stranger chose
     */
    record Rejected(String cause, String reason) implements Finding {}

    Finding check(HttpServerRequest request);

    /** What is missing for any check to succeed; empty when nothing is. */
    default Optional<String> missing() {
        return Optional.empty();
    }
}
