package dev.pillion.admission;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads AdmissionReviews. */
public final class ReviewReader {

    static final String API_VERSION = "admission.k8s.io/v1";
    static final String KIND = "AdmissionReview";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Half of a Pod is who set which of its fields when (metav1.ManagedFieldsEntry). */
    private static final Part OBJECT =
            new Part(Map.of("metadata", new Part(Map.of(), Set.of("managedFields"))), Set.of());

    private static final Part REVIEW = new Part(
            Map.of("request", new Part(Map.of("object", OBJECT, "oldObject", OBJECT), Set.of("userInfo", "options"))),
            Set.of());

    private ReviewReader() {}

    /**
     * A map of a review.
     *
     * @param parts maps in it of which not all is kept
     * @param skipped fields that are read over, since no decision may rest on them
     */
    private record Part(Map<String, Part> parts, Set<String> skipped) {

        static final Part ALL = new Part(Map.of(), Set.of());
    }

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
        byte[] part = UnreadFields.removed(body);
        try {
            return parseAll(part);
        } catch (MalformedReviewException e) {
            // The place of a mistake is one in what was sent.
            return parseAll(body);
        }
    }

    private static JsonNode parseAll(byte[] body) throws MalformedReviewException {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() == null) {
                return MissingNode.getInstance();
            }
            JsonNode review = tree(parser, REVIEW);
            if (parser.nextToken() != null) {
                throw new MalformedReviewException(
                        "the body is not JSON: something follows the document" + place(parser.currentTokenLocation()));
            }
            return review;
        } catch (JsonProcessingException e) {
            throw new MalformedReviewException(
                    "the body is not JSON: " + withoutSource(e.getOriginalMessage()) + place(e.getLocation()));
        } catch (IOException e) {
            throw new MalformedReviewException("the body is not JSON text in UTF-8: " + e.getMessage());
        }
    }

    /** The tree of what the parser has come to, without what is skipped: as Jackson's own, which takes a quarter longer. */
    private static JsonNode tree(JsonParser parser, Part part) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> map(parser, part);
            case START_ARRAY -> {
                ArrayNode list = JSON.createArrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(tree(parser, Part.ALL));
                }
                yield list;
            }
            case VALUE_STRING -> TextNode.valueOf(parser.getText());
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            default -> JSON.readTree(parser);
        };
    }

    private static ObjectNode map(JsonParser parser, Part part) throws IOException {
        ObjectNode map = JSON.createObjectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (part.skipped().contains(name)) {
                parser.skipChildren();
            } else {
                map.set(name, tree(parser, part.parts().getOrDefault(name, Part.ALL)));
            }
        }
        return map;
    }

    /** Jackson adds where it began to read, and that it does not show what it read. */
    private static String withoutSource(String message) {
        return message.replaceFirst(" \\(start marker at \\[.*", "").replaceFirst(", from `[^`]*`", "");
    }

    private static String place(@Nullable JsonLocation location) {
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
