package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A response as an API server reads it. */
record ReviewResponse(JsonNode tree) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    static ReviewResponse read(byte[] body) throws Exception {
        return new ReviewResponse(JSON.readTree(utf8(body)));
    }

    JsonNode response() {
        return tree.path("response");
    }

    boolean allowed() {
        return response().path("allowed").asBoolean();
    }

    boolean hasPatch() {
        return response().has("patch");
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        response().path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return warnings;
    }

    /** The object with the patch applied, by Jakarta JSON Processing. */
    JsonNode patched(JsonNode object) throws Exception {
        byte[] patch = Base64.getDecoder().decode(response().path("patch").asText());
        try (JsonReader operations = Json.createReader(new ByteArrayInputStream(patch));
                JsonReader target = Json.createReader(new StringReader(object.toString()))) {
            return JSON.readTree(Json.createPatch(operations.readArray())
                    .apply(target.readObject())
                    .toString());
        }
    }

    /** Asserts what the API server requires of every response (VerifyAdmissionResponse in apiserver's webhook/request). */
    ReviewResponse wellFormed(String uid) {
        assertThat(tree.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        assertThat(tree.path("kind").asText()).isEqualTo("AdmissionReview");
        assertThat(response().path("uid").asText()).isEqualTo(uid);
        assertThat(response().path("allowed").isBoolean()).isTrue();
        assertThat(response().has("patch"))
                .as("patch and patchType both or neither")
                .isEqualTo(response().has("patchType"));
        if (hasPatch()) {
            assertThat(allowed()).isTrue();
            assertThat(response().path("patchType").asText()).isEqualTo("JSONPatch");
            assertThat(Base64.getDecoder().decode(response().path("patch").asText()))
                    .isNotEmpty();
        }
        if (!allowed()) {
            assertThat(response().at("/status/code").asInt()).isBetween(400, 499);
            assertThat(response().at("/status/status").asText()).isEqualTo("Failure");
            assertThat(response().at("/status/reason").asText()).isNotBlank();
            assertThat(response().at("/status/message").asText()).isNotBlank();
        }
        assertThat(warnings()).allSatisfy(warning -> assertThat(warning)
                .hasSizeLessThanOrEqualTo(120)
                .matches(text -> text.codePoints().noneMatch(Character::isISOControl), "one line")
                .matches(text -> text.codePoints().noneMatch(ReviewResponse::isLoneSurrogate), "whole characters"));
        assertThat(warnings().stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(4_096);
        response().path("auditAnnotations").properties().forEach(annotation -> {
            assertThat(annotation.getKey()).matches("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
            assertThat(annotation.getValue().isTextual()).isTrue();
        });
        return this;
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static String utf8(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(body))
                .toString();
    }
}
