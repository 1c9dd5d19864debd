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

    /** The beginning of every review that is written, up to the uid. */
    private static final String OPENING = "{\"apiVersion\":\"" + ReviewReader.API_VERSION + "\",\"kind\":\""
            + ReviewReader.KIND + "\",\"response\":{\"uid\":\"";

    /**
     * A review that was written for one request, with the uid of another.
     *
     * @param uid of the request that it was written for; like the other's, it has no characters that JSON escapes
     * @param request the other request
     * @param other where the other request's uid stands
     */
    public static byte[] withUid(byte[] written, String uid, byte[] request, ByteRange other) {
        int rest = OPENING.length() + uid.length();
        byte[] answer = new byte[OPENING.length() + other.length() + written.length - rest];
        System.arraycopy(written, 0, answer, 0, OPENING.length());
        System.arraycopy(request, other.from(), answer, OPENING.length(), other.length());
        System.arraycopy(written, rest, answer, OPENING.length() + other.length(), written.length - rest);
        return answer;
    }

    /** The review that carries a response. */
    public static byte[] write(AdmissionResponse response) {
        // Before the answer's own writer takes the buffers that Jackson lends each thread.
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
        json.writeBooleanField("allowed", response.allowed());
        if (response.refusal().isPresent()) {
            AdmissionResponse.Refusal refusal = response.refusal().get();
            json.writeObjectFieldStart("status");
            json.writeStringField("status", "Failure");
            json.writeNumberField("code", refusal.status());
            json.writeStringField("reason", refusal.reason());
            json.writeStringField("message", refusal.message());
            json.writeEndObject();
        }
        // The API server wants both or neither.
        if (patch.isPresent()) {
            json.writeStringField("patchType", "JSONPatch");
            // As Jackson's writeBinary, which takes four times as long.
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
