package dev.pillion.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A review as the API server sends it.
 *
 * @param path the path of the webhook
 * @param text the review for one Pod
 * @param varying texts in the review that differ among requests, with {@link Placeholder}s for them
 */
record Review(String path, Expected expected, String text, Map<String, String> varying) {

    static final String MUTATE = "/mutate";
    static final String VALIDATE = "/validate";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TOKEN_VOLUME = Pattern.compile("kube-api-access-[a-z0-9]{5}");
    private static final Pattern UID_END = Pattern.compile("[0-9a-f]{" + Placeholder.LENGTH + "}$");
    private static final Pattern MINUTE_AND_SECOND = Pattern.compile("[0-9]:([0-9])[0-9]Z$");

    /** What the response must be. */
    enum Expected {
        INJECTED,
        UNCHANGED,
        DENIED
    }

    /** A captured review. The uid of the review, the time and the name of the token volume vary. */
    static Review captured(Path file) throws IOException {
        JsonNode document = JSON.readTree(Files.readString(file));
        Review review = new Review(MUTATE, Expected.INJECTED, text(document), Map.of())
                .varyingUid(document.at("/request/uid").asText(), Placeholder.REVIEW_UID)
                .varyingTime(document.at("/request/object/metadata/managedFields/0/time").asText());
        Matcher token = TOKEN_VOLUME.matcher(review.text);
        return token.find() ? review.varying(token.group(), "kube-api-access-" + Placeholder.SUFFIX.suffix()) : review;
    }

    /** The JSON text. Go's encoder escapes these characters, and adds a line feed at the end. */
    static String text(JsonNode document) {
        return document.toString().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") + "\n";
    }

    JsonNode document() throws IOException {
        return JSON.readTree(text);
    }

    Review varyingUid(String uid, Placeholder placeholder) {
        return varying(uid, UID_END.matcher(uid).replaceFirst(placeholder.text(Placeholder.LENGTH)));
    }

    /** The minute and the second differ among Pods. */
    Review varyingTime(String time) {
        String digit = Placeholder.COUNT.text(1);
        return varying(time, MINUTE_AND_SECOND.matcher(time).replaceFirst(digit + ":$1" + digit + "Z"));
    }

    Review varying(String literal, String placeholder) {
        requireIn(literal);
        Map<String, String> more = new LinkedHashMap<>(varying);
        more.put(literal, placeholder);
        return new Review(path, expected, text, more);
    }

    /** The same review in which only the texts of this placeholder vary. */
    Review varyingOnly(Placeholder placeholder) {
        Map<String, String> less = new LinkedHashMap<>(varying);
        less.values().removeIf(text -> text.indexOf(placeholder.mark()) < 0);
        return new Review(path, expected, text, less);
    }

    /** The same review with another text, also where it is part of a text that varies. */
    Review with(String old, String replacement) {
        requireIn(old);
        Map<String, String> replaced = new LinkedHashMap<>();
        varying.forEach((literal, placeholder) ->
                replaced.put(literal.replace(old, replacement), placeholder.replace(old, replacement)));
        return new Review(path, expected, text.replace(old, replacement), replaced);
    }

    Review expecting(Expected other) {
        return new Review(path, other, text, varying);
    }

    private void requireIn(String literal) {
        if (!text.contains(literal)) {
            throw new IllegalStateException("the captured review has no " + literal);
        }
    }

    /** The text with placeholders. */
    String template() {
        String result = text;
        for (Map.Entry<String, String> each : varying.entrySet()) {
            result = result.replace(each.getKey(), each.getValue());
        }
        return result;
    }
}
