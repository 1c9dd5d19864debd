package dev.pillion.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.ReviewLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads AdmissionReviews.
 *
 * <p>Over 200 lines because the limits on nodes, depth and numbers apply while the tree is built.
 */
public final class ReviewReader {

    static final String API_VERSION = "admission.k8s.io/v1";
    static final String KIND = "AdmissionReview";

    /**
     * The body is bounded as a whole, so names need no limit of their own: an environment variable may have a name of any length, and the
     * API server repeats it as a field's name in {@code managedFields}.
     */
    private static final StreamReadConstraints UNBOUNDED = StreamReadConstraints.builder()
            .maxNameLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    /**
     * The longest name in Jackson's table of names, which is shared by all reviews and keeps up to 6,000 names. An annotation's name has at most 317
     * characters. Without this limit, anyone who creates Pods could fill the memory with long names.
     */
    public static final int MAX_NAME_IN_TABLE = 512;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    UNBOUNDED.rebuild().maxNameLength(MAX_NAME_IN_TABLE).build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Without the table of names. Large reviews may have so many names that the table costs ten times what it saves. */
    private static final JsonFactory WITHOUT_TABLE = JsonFactory.builder()
            .streamReadConstraints(UNBOUNDED)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private static final int LARGE = 64 * 1024;

    private static final JsonMapper JSON = new JsonMapper(FACTORY);

    /** Half of a Pod is {@code managedFields}: which manager set which field, and when (metav1.ManagedFieldsEntry). */
    private static final Part OBJECT =
            new Part(Map.of("metadata", new Part(Map.of(), Set.of("managedFields"))), Set.of());

    private static final Part REVIEW = new Part(
            Map.of("request", new Part(Map.of("object", OBJECT, "oldObject", OBJECT), Set.of("userInfo", "options"))),
            Set.of());

    private static final Part REVIEW_WITHOUT_OBJECTS = new Part(
            Map.of("request", new Part(Map.of(), Set.of("object", "oldObject", "userInfo", "options"))), Set.of());

    private int nodes;

    private ReviewReader() {}

    /** Ends the reading of an object that exceeds a limit. */
    private static final class UnreadableException extends IOException {

        private static final long serialVersionUID = 1;

        private final transient Reason reason;

        UnreadableException(ReasonCode code, String message) {
            super(message);
            this.reason = new Reason(code, message);
        }
    }

    /** A review, and the reason if its objects were left out. */
    private record Parsed(JsonNode review, Optional<Reason> unreadable) {}

    /**
     * The fields of a map that are not read.
     *
     * @param parts maps in it with fields that are not read
     * @param skipped fields that are not read, since no decision may depend on them
     */
    private record Part(Map<String, Part> parts, Set<String> skipped) {

        static final Part ALL = new Part(Map.of(), Set.of());
    }

    /**
     * The request in a review.
     *
     * @throws MalformedReviewException if the bytes are not a review of version v1 with a request
     */
    public static AdmissionRequest read(byte[] body) throws MalformedReviewException {
        Parsed parsed = parse(body);
        JsonNode review = parsed.review();
        expect(review, "apiVersion", API_VERSION);
        expect(review, "kind", KIND);
        JsonNode request = review.path("request");
        if (!request.isObject()) {
            throw new MalformedReviewException("request is missing; an AdmissionReview for a webhook must have one");
        }
        String uid = text(request, "uid");
        if (uid.isEmpty()) {
            throw new MalformedReviewException("request.uid is missing; the response must contain it");
        }
        JsonNode resource = request.path("resource");
        if (!resource.isMissingNode() && !resource.isObject()) {
            throw new MalformedReviewException("request: resource must be a map, is " + shown(resource));
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
                object(request, "oldObject"),
                parsed.unreadable());
    }

    private static JsonNode object(JsonNode request, String field) {
        JsonNode object = request.path(field);
        return object.isNull() ? MissingNode.getInstance() : object;
    }

    private static Parsed parse(byte[] body) throws MalformedReviewException {
        if (body.length == 0) {
            throw new MalformedReviewException("the body is empty");
        }
        byte[] part = UnreadFields.removed(body);
        try {
            return parseAll(part);
        } catch (MalformedReviewException e) {
            if (part == body) {
                throw e;
            }
            // The line and column in the message must be those of the original body.
            return parseAll(body);
        }
    }

    private static Parsed parseAll(byte[] body) throws MalformedReviewException {
        try {
            return new Parsed(parse(body, REVIEW), Optional.empty());
        } catch (UnreadableException e) {
            try {
                // The response needs the uid, which may come after the object.
                return new Parsed(parse(body, REVIEW_WITHOUT_OBJECTS), Optional.of(e.reason));
            } catch (UnreadableException ofTheRest) {
                throw new MalformedReviewException(ofTheRest.reason.message());
            }
        }
    }

    private static JsonNode parse(byte[] body, Part part) throws MalformedReviewException, UnreadableException {
        try {
            return parse(body, part, body.length < LARGE ? FACTORY : WITHOUT_TABLE);
        } catch (IllegalStateException e) {
            // A name is too long for Jackson's table of names, or too many names collide there, although the JSON is
            // valid.
            return parse(body, part, WITHOUT_TABLE);
        }
    }

    private static JsonNode parse(byte[] body, Part part, JsonFactory factory)
            throws MalformedReviewException, UnreadableException {
        try (JsonParser parser = factory.createParser(body)) {
            if (parser.nextToken() == null) {
                return MissingNode.getInstance();
            }
            JsonNode review = new ReviewReader().tree(parser, part, 0);
            if (parser.nextToken() != null) {
                throw new MalformedReviewException(
                        "the body is not JSON: text follows the document" + place(parser.currentTokenLocation()));
            }
            return review;
        } catch (UnreadableException e) {
            throw e;
        } catch (StreamConstraintsException e) {
            if (factory == FACTORY) {
                throw new IllegalStateException("the table of names has a limit", e);
            }
            throw notJson(e);
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new MalformedReviewException("the body is not JSON text in UTF-8: " + e.getMessage());
        }
    }

    private static MalformedReviewException notJson(JsonProcessingException e) {
        return new MalformedReviewException(
                "the body is not JSON: " + withoutSource(e.getOriginalMessage()) + place(e.getLocation()));
    }

    /** The tree at the parser's position, without skipped fields. Equal to Jackson's own, which takes a quarter longer. */
    private JsonNode tree(JsonParser parser, Part part, int depth) throws IOException {
        if (++nodes > ReviewLimits.NODES) {
            throw new UnreadableException(
                    ReasonCode.TOO_LARGE,
                    "the object has more than " + ReviewLimits.NODES + " fields and elements, which is the limit");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> map(parser, part, depth);
            case START_ARRAY -> {
                ArrayNode list = JSON.createArrayNode();
                int below = below(depth);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(tree(parser, Part.ALL, below));
                }
                yield list;
            }
            case VALUE_STRING -> TextNode.valueOf(parser.getText());
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            default -> JSON.readTree(parser);
        };
    }

    private static int below(int depth) throws UnreadableException {
        if (depth >= ReviewLimits.DEPTH) {
            throw new UnreadableException(
                    ReasonCode.TOO_LARGE,
                    "the object is nested more than " + ReviewLimits.DEPTH + " deep, which is the limit");
        }
        return depth + 1;
    }

    /** Keeps every digit. Refuses large exponents: the text is short, but the number that other code makes of it may fill the memory. */
    private static JsonNode decimal(JsonParser parser) throws IOException {
        String text = parser.getText();
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E')) + 1;
        if (exponent > 0 && digits(text, exponent) > ReviewLimits.EXPONENT_DIGITS) {
            throw new UnreadableException(
                    ReasonCode.MALFORMED_POD,
                    "the object has the number " + Excerpt.of(text) + ", whose exponent is out of range");
        }
        return DecimalNode.valueOf(new BigDecimal(text));
    }

    /** The number of digits of an exponent without leading zeros. */
    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && "+-0".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return text.length() - at;
    }

    private ObjectNode map(JsonParser parser, Part part, int depth) throws IOException {
        ObjectNode map = JSON.createObjectNode();
        int below = below(depth);
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (part.skipped().contains(name)) {
                parser.skipChildren();
            } else {
                map.set(name, tree(parser, part.parts().getOrDefault(name, Part.ALL), below));
            }
        }
        return map;
    }

    /** Removes Jackson's remarks about the source, which say nothing to the reader. */
    private static String withoutSource(String message) {
        return message.replaceFirst(" \\(start marker at \\[.*", "").replaceFirst(", from `[^`]*`", "");
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String shown(JsonNode value) {
        return Excerpt.of(value.toString());
    }

    private static void expect(JsonNode review, String field, String value) throws MalformedReviewException {
        JsonNode actual = review.path(field);
        if (!actual.asText().equals(value)) {
            throw new MalformedReviewException(field + " must be " + value + ", "
                    + (actual.isMissingNode() ? "is missing" : "is " + shown(actual)));
        }
    }

    private static String text(JsonNode owner, String field) throws MalformedReviewException {
        JsonNode value = owner.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw new MalformedReviewException("request: " + field + " must be a string, is " + shown(value));
        }
        return value.asText("");
    }
}
