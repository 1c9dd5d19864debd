package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.reason.Reason;
import dev.pillion.pod.ReviewLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Any bytes: {@link ReviewReader} accepts the reviews that Jackson accepts, and reads the same values. It can omit or refuse values that
 * exceed a limit.
 */
public final class ReviewBytesFuzz {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LARGE_EXPONENT = 900;

    /** Jackson's tree does not tell {@code 0e1000} from 0. */
    private static final Pattern LONG_EXPONENT = Pattern.compile("[0-9][eE][+-]?[0-9]{3}");

    private ReviewBytesFuzz() {}

    public static void test(byte[] body) {
        JsonNode review;
        try {
            review = JSON.readTree(body);
        } catch (IOException e) {
            review = MissingNode.getInstance();
        } catch (NumberFormatException e) {
            // Jackson fails for an exponent that no number type supports. The reader must handle that.
            read(body);
            return;
        }
        Optional<AdmissionRequest> expected = request(review);
        Optional<AdmissionRequest> actual = read(body);
        boolean exceeds = exceedsLimits(review, 0)
                || LONG_EXPONENT
                        .matcher(new String(body, StandardCharsets.ISO_8859_1))
                        .find();
        if (actual.isEmpty() && exceeds) {
            return;
        }
        if (actual.isPresent() && actual.get().unreadable().isPresent()) {
            assertThat(exceeds).as("%s", actual.get().unreadable()).isTrue();
            expected =
                    expected.map(request -> withoutObjects(request, actual.get().unreadable()));
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static Optional<AdmissionRequest> read(byte[] body) {
        try {
            AdmissionRequest request = ReviewReader.read(body);
            return Optional.of(new AdmissionRequest(
                    request.uid(),
                    request.resource(),
                    request.subResource(),
                    request.operation(),
                    request.namespace(),
                    request.dryRun(),
                    withoutUnread(request.object()),
                    withoutUnread(request.oldObject()),
                    request.unreadable()));
        } catch (MalformedReviewException e) {
            assertThat(e.getMessage()).isNotBlank();
            return Optional.empty();
        }
    }

    private static AdmissionRequest withoutObjects(AdmissionRequest request, Optional<Reason> unreadable) {
        return new AdmissionRequest(
                request.uid(),
                request.resource(),
                request.subResource(),
                request.operation(),
                request.namespace(),
                request.dryRun(),
                MissingNode.getInstance(),
                MissingNode.getInstance(),
                unreadable);
    }

    /** An approximation: values close to a limit can be on either side. */
    private static boolean exceedsLimits(JsonNode tree, int depth) {
        if (depth >= ReviewLimits.DEPTH - 1) {
            return true;
        }
        if (tree.isBigDecimal()) {
            return Math.abs((long) tree.decimalValue().scale()) >= LARGE_EXPONENT;
        }
        for (JsonNode child : tree) {
            if (exceedsLimits(child, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<AdmissionRequest> request(JsonNode review) {
        JsonNode request = review.path("request");
        JsonNode resource = request.path("resource");
        boolean wellFormed = review.path("apiVersion").asText().equals("admission.k8s.io/v1")
                && review.path("kind").asText().equals("AdmissionReview")
                && request.isObject()
                && (resource.isMissingNode() || resource.isObject())
                && Stream.of("uid", "subResource", "operation", "namespace").allMatch(field -> isText(request, field))
                && Stream.of("group", "resource").allMatch(field -> isText(resource, field))
                && !text(request, "uid").isEmpty();
        if (!wellFormed) {
            return Optional.empty();
        }
        String group = text(resource, "group");
        return Optional.of(new AdmissionRequest(
                text(request, "uid"),
                (group.isEmpty() ? "" : group + "/") + text(resource, "resource"),
                text(request, "subResource"),
                text(request, "operation"),
                text(request, "namespace"),
                request.path("dryRun").asBoolean(false),
                withoutUnread(object(request, "object")),
                withoutUnread(object(request, "oldObject"))));
    }

    private static JsonNode object(JsonNode request, String field) {
        JsonNode object = request.path(field);
        return object.isNull() ? MissingNode.getInstance() : object;
    }

    /** Removes the fields that no decision depends on. */
    private static JsonNode withoutUnread(JsonNode object) {
        JsonNode copy = object.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return copy;
    }

    private static boolean isText(JsonNode owner, String field) {
        JsonNode value = owner.path(field);
        return value.isMissingNode() || value.isNull() || value.isTextual();
    }

    private static String text(JsonNode owner, String field) {
        return owner.path(field).asText("");
    }
}
