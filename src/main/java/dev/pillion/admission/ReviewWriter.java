package dev.pillion.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.patch.Patch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Writes AdmissionReviews. */
public final class ReviewWriter {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonFactory FACTORY = JSON.getFactory();

    private ReviewWriter() {}

    /** The start of every response, up to the uid. */
    private static final String OPENING = "{\"apiVersion\":\"" + ReviewReader.API_VERSION + "\",\"kind\":\""
            + ReviewReader.KIND + "\",\"response\":{\"uid\":\"";

    /**
     * Copies a response and replaces the uid. Neither uid has a character that JSON escapes.
     *
     * @param response the bytes that {@link #write} returned
     * @param uid the uid in them
     * @param review the bytes of the review that is answered
     * @param reviewUid the position of the uid in that review
     */
    public static byte[] withUid(byte[] response, String uid, byte[] review, ByteRange reviewUid) {
        int rest = OPENING.length() + uid.length();
        byte[] copy = new byte[OPENING.length() + reviewUid.length() + response.length - rest];
        System.arraycopy(response, 0, copy, 0, OPENING.length());
        System.arraycopy(review, reviewUid.from(), copy, OPENING.length(), reviewUid.length());
        System.arraycopy(response, rest, copy, OPENING.length() + reviewUid.length(), response.length - rest);
        return copy;
    }

    /** The AdmissionReview with a response, as JSON. */
    public static byte[] write(AdmissionResponse response) {
        // First the patch: Jackson has one set of buffers per thread, and the generator below holds it.
        Optional<byte[]> patch = response.patch().map(ReviewWriter::text);
        ByteArrayOutputStream body = new ByteArrayOutputStream(
                1_024 + patch.map(text -> 2 * text.length).orElse(0));
        try (JsonGenerator json = FACTORY.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("apiVersion", ReviewReader.API_VERSION);
            json.writeStringField("kind", ReviewReader.KIND);
            json.writeObjectFieldStart("response");
            writeResponse(response, patch, json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return body.toByteArray();
    }

    private static byte[] text(Patch patch) {
        try {
            return JSON.writeValueAsBytes(patch.toJson());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("writing a tree to memory", e);
        }
    }

    private static void writeResponse(AdmissionResponse response, Optional<byte[]> patch, JsonGenerator json)
            throws IOException {
        json.writeStringField("uid", response.uid());
        json.writeBooleanField("allowed", response.isAllowed());
        if (response.refusal().isPresent()) {
            AdmissionResponse.Refusal refusal = response.refusal().get();
            json.writeObjectFieldStart("status");
            json.writeStringField("status", "Failure");
            json.writeNumberField("code", refusal.status());
            json.writeStringField("reason", refusal.reason());
            json.writeStringField("message", refusal.message());
            json.writeEndObject();
        }
        // The API server requires both or neither.
        if (patch.isPresent()) {
            json.writeStringField("patchType", "JSONPatch");
            // Jackson's writeBinary writes the same and takes four times as long.
            byte[] base64 = Base64.getEncoder().encode(patch.get());
            json.writeFieldName("patch");
            json.writeRawUTF8String(base64, 0, base64.length);
        }
        if (!response.warnings().isEmpty()) {
            json.writeArrayFieldStart("warnings");
            for (String warning : response.warnings()) {
                json.writeString(warning);
            }
            json.writeEndArray();
        }
        if (!response.auditAnnotations().isEmpty()) {
            json.writeObjectFieldStart("auditAnnotations");
            for (Map.Entry<String, String> annotation :
                    response.auditAnnotations().entrySet()) {
                json.writeStringField(annotation.getKey(), annotation.getValue());
            }
            json.writeEndObject();
        }
    }
}
