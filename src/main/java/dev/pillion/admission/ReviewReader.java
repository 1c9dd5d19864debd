package dev.pillion.admission;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads AdmissionReviews. */
public final class ReviewReader {

    static final String API_VERSION = "admission.k8s.io/v1";
    static final String KIND = "AdmissionReview";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ReviewReader() {}

    /**
     * The request in a review.
     *
     * @throws MalformedReviewException when the bytes are no review of the version that Pillion speaks, or one without a request
     */
    public static AdmissionRequest read(byte[] body) throws MalformedReviewException {
        JsonNode review = parse(body);
        expect(review, "apiVersion", API_VERSION);
        expect(review, "kind", KIND);
        JsonNode request = review.path("request");
        if (!request.isObject()) {
            throw new MalformedReviewException("request is missing; an AdmissionReview that asks something has one");
        }
        String uid = text(request, "uid");
        if (uid.isEmpty()) {
            throw new MalformedReviewException("request.uid is missing; the answer must carry it");
        }
        JsonNode resource = request.path("resource");
        if (!resource.isMissingNode() && !resource.isObject()) {
            throw new MalformedReviewException("request: resource must be a map, is " + resource);
        }
        String group = text(resource, "group");
        return new AdmissionRequest(
                uid,
                group.isEmpty() ? text(resource, "resource") : group + "/" + text(resource, "resource"),
                text(request, "subResource"),
                text(request, "operation"),
                text(request, "namespace"),
                request.path("dryRun").asBoolean(false),
                object(request, "object"),
                object(request, "oldObject"));
    }

    private static JsonNode object(JsonNode request, String field) {
        JsonNode object = request.path(field);
        return object.isNull() ? MissingNode.getInstance() : object;
    }

    private static JsonNode parse(byte[] body) throws MalformedReviewException {
        if (body.length == 0) {
            throw new MalformedReviewException("the body is empty");
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new MalformedReviewException(
                    "the body is not JSON: " + withoutSource(e.getOriginalMessage()) + place(e));
        } catch (IOException e) {
            throw new MalformedReviewException("the body is not JSON text in UTF-8: " + e.getMessage());
        }
    }

    /** Jackson adds where it began to read, and that it does not show what it read. */
    private static String withoutSource(String message) {
        return message.replaceFirst(" \\(start marker at \\[.*", "")
                .replaceFirst(", from `[^`]*`", "")
                .replaceFirst("Trailing token .*", "something follows the document");
    }

    private static String place(JsonProcessingException e) {
        @Nullable JsonLocation location = e.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static void expect(JsonNode review, String field, String value) throws MalformedReviewException {
        JsonNode actual = review.path(field);
        if (!actual.asText().equals(value)) {
            throw new MalformedReviewException(
                    field + " must be " + value + ", " + (actual.isMissingNode() ? "is missing" : "is " + actual));
        }
    }

    private static String text(JsonNode owner, String field) throws MalformedReviewException {
        JsonNode value = owner.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw new MalformedReviewException("request: " + field + " must be a string, is " + value);
        }
        return value.asText("");
    }
}
