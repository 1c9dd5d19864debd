package dev.pillion.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.patch.Patch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** Writes AdmissionReviews. */
public final class ReviewWriter {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonFactory FACTORY = JSON.getFactory();

    /** The API server requires both fields or neither. */
    private static final byte[] PATCH = ",\"patchType\":\"JSONPatch\",\"patch\":\"".getBytes(StandardCharsets.US_ASCII);

    /** The end of every response: of the response and of the review. */
    private static final byte[] CLOSING = {'}', '}'};

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
        byte[] withoutPatch = withoutPatch(response);
        return response.patch()
                .map(patch -> withPatch(withoutPatch, Base64.getEncoder().encode(text(patch))))
                .orElse(withoutPatch);
    }

    private static byte[] withoutPatch(AdmissionResponse response) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("apiVersion", ReviewReader.API_VERSION);
            json.writeStringField("kind", ReviewReader.KIND);
            json.writeObjectFieldStart("response");
            writeResponse(response, json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return body.toByteArray();
    }

    /** Inserts the patch as the last field of the response. It is most of the bytes, so it is copied once only. */
    private static byte[] withPatch(byte[] review, byte[] base64) {
        int end = review.length - CLOSING.length;
        byte[] all = Arrays.copyOf(review, review.length + PATCH.length + base64.length + 1);
        System.arraycopy(PATCH, 0, all, end, PATCH.length);
        System.arraycopy(base64, 0, all, end + PATCH.length, base64.length);
        all[end + PATCH.length + base64.length] = '"';
        System.arraycopy(CLOSING, 0, all, all.length - CLOSING.length, CLOSING.length);
        return all;
    }

    private static byte[] text(Patch patch) {
        try {
            return JSON.writeValueAsBytes(patch.toJson());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("writing a tree to memory", e);
        }
    }

    private static void writeResponse(AdmissionResponse response, JsonGenerator json) throws IOException {
        json.writeStringField("uid", response.uid());
        json.writeBooleanField("allowed", response.isAllowed());
        if (response.denial().isPresent()) {
            AdmissionResponse.Denial denial = response.denial().get();
            json.writeObjectFieldStart("status");
            json.writeStringField("status", "Failure");
            json.writeNumberField("code", denial.status());
            json.writeStringField("reason", denial.reason());
            json.writeStringField("message", denial.message());
            json.writeEndObject();
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
