package dev.pillion.admission.cache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A field of a review whose value differs among the Pods of one workload and has no influence on the decision.
 *
 * @param from the index of the first byte of its value
 * @param to the index after the last byte of its value
 */
record VolatileField(Kind kind, int from, int to) {

    /** The start of the name of the volume with the ServiceAccount's token. Five random letters and digits follow (admission plug-in ServiceAccount). */
    static final String TOKEN_VOLUME = "kube-api-access-";

    /** Refuses duplicate keys, of which parsers use different ones. The API server never sends them, so such a review is not cached. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    enum Kind {
        /** The uid of the review, which the response repeats. */
        UID("/request/uid", "[A-Za-z0-9-]+", 0),
        /** When a field manager last wrote a field. */
        TIME("/request/object/metadata/managedFields/[0-9]+/time", "[0-9TZ:.+-]+", 0),
        /** The random part of the token volume's name, in the volume and in its mounts. */
        TOKEN(
                "/request/object/spec/(volumes/[0-9]+|(initContainers|containers|ephemeralContainers)/[0-9]+/volumeMounts/[0-9]+)/name",
                Pattern.quote(TOKEN_VOLUME) + "[a-z0-9]{5}",
                TOKEN_VOLUME.length());

        private final Pattern path;
        private final Pattern form;
        private final int fixedPrefix;

        Kind(String path, String form, int fixedPrefix) {
            this.path = Pattern.compile(path);
            this.form = Pattern.compile(form);
            this.fixedPrefix = fixedPrefix;
        }
    }

    /**
     * All volatile fields of a review that was answered. Empty if the review has an unusual form, in which case it is not cached.
     *
     * @param uid of the review, as it was parsed
     */
    static Optional<List<VolatileField>> in(byte[] review, String uid) {
        List<VolatileField> found = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(review)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                Optional<Kind> kind = token == JsonToken.VALUE_STRING ? kind(parser) : Optional.empty();
                if (kind.isPresent()) {
                    String text = parser.getText();
                    int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
                    if (!isLiteral(text, review, from) || (kind.get() == Kind.UID && !text.equals(uid))) {
                        return Optional.empty();
                    }
                    found.add(new VolatileField(kind.get(), from + kind.get().fixedPrefix, from + text.length()));
                }
            }
        } catch (IOException | IllegalStateException e) {
            // Jackson refuses names that collide in its table of them by an IllegalStateException.
            return Optional.empty();
        }
        boolean oneUid = found.stream().filter(each -> each.kind == Kind.UID).count() == 1;
        return oneUid ? Optional.of(found) : Optional.empty();
    }

    private static Optional<Kind> kind(JsonParser parser) throws IOException {
        String name = String.valueOf(parser.currentName());
        for (Kind kind : Kind.values()) {
            if (kind.path.pattern().endsWith(name)
                    && kind.form.matcher(parser.getText()).matches()
                    && kind.path
                            .matcher(parser.getParsingContext().pathAsPointer().toString())
                            .matches()) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Whether the bytes from this index are the text between quotes, without escapes. */
    private static boolean isLiteral(String text, byte[] review, int from) {
        byte[] plain = text.getBytes(StandardCharsets.US_ASCII);
        int to = from + plain.length;
        return from > 0
                && to < review.length
                && review[from - 1] == '"'
                && review[to] == '"'
                && Arrays.equals(plain, 0, plain.length, review, from, to);
    }

    /** Whether a review has only valid characters of such a value at this position. */
    boolean accepts(byte[] review) {
        for (int index = from; index < to; index++) {
            byte each = review[index];
            boolean possible = (each >= '0' && each <= '9')
                    || switch (kind) {
                        case UID -> each == '-' || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
                        case TIME ->
                            each == '-' || each == ':' || each == '.' || each == '+' || each == 'T' || each == 'Z';
                        case TOKEN -> each >= 'a' && each <= 'z';
                    };
            if (!possible) {
                return false;
            }
        }
        return true;
    }
}
