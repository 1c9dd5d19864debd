package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Optional;

/**
 * A response of an API server, which may be a refusal.
 *
 * @param code the HTTP status
 * @param date the time of the API server, to the second; empty if the response has none
 * @param body a missing node if the body is not JSON
 */
public record ApiResponse(int code, Optional<Instant> date, JsonNode body) {

    public boolean isSuccessful() {
        return code >= HttpURLConnection.HTTP_OK && code < HttpURLConnection.HTTP_MULT_CHOICE;
    }

    public boolean isForbidden() {
        return code == HttpURLConnection.HTTP_FORBIDDEN;
    }

    public boolean isNotFound() {
        return code == HttpURLConnection.HTTP_NOT_FOUND;
    }

    /** The message of a refusal (metav1.Status); empty if there is none. */
    public String message() {
        return body.path("message").asText("");
    }
}
