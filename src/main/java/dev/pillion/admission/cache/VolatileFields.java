package dev.pillion.admission.cache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.cache.VolatileField.Kind;
import dev.pillion.expression.FieldPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the volatile fields of a review that was answered. */
final class VolatileFields {

    /** Refuses duplicate keys, because parsers differ in which of them they use. The API server never sends them, so such a review is not cached. Neither is one with a long name: Jackson's table would keep it. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(ReviewReader.MAX_NAME_IN_TABLE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String MANAGED_FIELDS = "/request/object/metadata/managedFields/";

    private final byte[] review;
    private final AdmissionRequest request;
    private final WorkloadTexts texts;
    private final Set<FieldPath> read;
    private final List<VolatileField> found = new ArrayList<>();

    private VolatileFields(byte[] review, AdmissionRequest request, Set<FieldPath> read) {
        this.review = review;
        this.request = request;
        this.texts = WorkloadTexts.of(request.object().path("metadata"));
        this.read = read;
    }

    /**
     * The volatile fields of a review, in their order. Empty if the review has an unusual form, in which case it is not cached.
     *
     * @param read the fields of the Pod that expressions and policies read
     */
    static Optional<List<VolatileField>> in(byte[] review, AdmissionRequest request, Set<FieldPath> read) {
        VolatileFields fields = new VolatileFields(review, request, read);
        return fields.search() ? Optional.of(fields.found) : Optional.empty();
    }

    private boolean search() {
        try (JsonParser parser = JSON.createParser(review)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean usual =
                        switch (token) {
                            case VALUE_STRING -> text(parser);
                            case FIELD_NAME -> name(parser);
                            default -> true;
                        };
                if (!usual) {
                    return false;
                }
            }
        } catch (IOException | IllegalStateException e) {
            // Jackson refuses names that collide in its table of them by an IllegalStateException.
            return false;
        }
        return found.stream().filter(field -> field.kind() == Kind.REVIEW_UID).count() == 1;
    }

    /** Returns whether the text has the usual form. */
    private boolean text(JsonParser parser) throws IOException {
        Optional<VolatilePlace> place = VolatilePlace.of(
                parser.getParsingContext().inArray() ? "" : String.valueOf(parser.currentName()),
                () -> parser.getParsingContext().pathAsPointer().toString());
        if (place.isEmpty() || place.get().isRead(read)) {
            return true;
        }
        String text = parser.getText();
        int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
        List<VolatileField> fields = place.get().content().fields(text, from, texts);
        found.addAll(fields);
        return fields.isEmpty()
                || isLiteral("\"" + text + "\"", from - 1) && fields.stream().allMatch(this::isValid);
    }

    private boolean isValid(VolatileField field) {
        return field.accepts(review)
                && (field.kind() != Kind.REVIEW_UID || text(field).equals(request.uid()));
    }

    private String text(VolatileField field) {
        return new String(review, field.from(), field.to() - field.from(), StandardCharsets.US_ASCII);
    }

    /** The names of managed fields contain the uid of the Job: {@code k:{"uid":"…"}}. No expression can read a part of a name. */
    private boolean name(JsonParser parser) throws IOException {
        if (texts.jobUid().isEmpty()
                || !parser.currentName().equals("k:{\"uid\":\"" + texts.jobUid() + "\"}")
                || VolatilePlace.MANAGED_FIELDS.isRead(read)
                || !parser.getParsingContext().pathAsPointer().toString().startsWith(MANAGED_FIELDS)) {
            return true;
        }
        String start = "\"k:{\\\"uid\\\":\\\"";
        int from = (int) parser.currentTokenLocation().getByteOffset();
        VolatileField field = new VolatileField(
                Kind.JOB_UID,
                from + start.length(),
                from + start.length() + texts.jobUid().length());
        found.add(field);
        return isLiteral(start + texts.jobUid() + "\\\"}\"", from) && field.accepts(review);
    }

    /** Whether the bytes from this index are the text. */
    private boolean isLiteral(String text, int from) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        int to = from + plain.length;
        return from >= 0
                && to <= review.length
                && plain.length == text.length()
                && Arrays.equals(plain, 0, plain.length, review, from, to);
    }
}
