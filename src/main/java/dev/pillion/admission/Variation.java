package dev.pillion.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in the bytes of a review where the reviews of one workload's Pods differ, and that no decision rests on.
 *
 * @param from the index of its first byte
 * @param to the index after its last byte
 */
record Variation(Kind kind, int from, int to) {

    /** The beginning of the name of the volume with the ServiceAccount's token; five letters and digits by chance follow (admission plug-in ServiceAccount). */
    static final String TOKEN_VOLUME = "kube-api-access-";

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    enum Kind {
        /** The review's own, which the answer repeats. */
        UID("/request/uid", "[A-Za-z0-9-]+", 0),
        /** When a manager of fields last wrote. */
        TIME("/request/object/metadata/managedFields/[0-9]+/time", "[0-9TZ:.+-]+", 0),
        /** The chance part of the token volume's name, in the volume and where it is mounted. */
        TOKEN(
                "/request/object/spec/(volumes/[0-9]+|(initContainers|containers|ephemeralContainers)/[0-9]+/volumeMounts/[0-9]+)/name",
                Pattern.quote(TOKEN_VOLUME) + "[a-z0-9]{5}",
                TOKEN_VOLUME.length());

        private final Pattern place;
        private final Pattern form;
        private final int same;

        Kind(String place, String form, int same) {
            this.place = Pattern.compile(place);
            this.form = Pattern.compile(form);
            this.same = same;
        }
    }

    /**
     * All of them in a review that was found good; empty when the review is not of the usual form, so that others could not be told to be
     * like it.
     */
    static Optional<List<Variation>> in(byte[] review) {
        List<Variation> found = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(review)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                Optional<Kind> kind = token == JsonToken.VALUE_STRING ? kind(parser) : Optional.empty();
                if (kind.isPresent()) {
                    String text = parser.getText();
                    int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
                    if (!stands(text, review, from)) {
                        return Optional.empty();
                    }
                    found.add(new Variation(kind.get(), from + kind.get().same, from + text.length()));
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
            if (kind.place.pattern().endsWith(name)
                    && kind.form.matcher(parser.getText()).matches()
                    && kind.place
                            .matcher(parser.getParsingContext().pathAsPointer().toString())
                            .matches()) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Whether the bytes at this place are the text as it is, without escapes, between quotes. */
    private static boolean stands(String text, byte[] review, int from) {
        byte[] plain = text.getBytes(StandardCharsets.US_ASCII);
        int to = from + plain.length;
        return from > 0
                && to < review.length
                && review[from - 1] == '"'
                && review[to] == '"'
                && Arrays.equals(plain, 0, plain.length, review, from, to);
    }

    /** Whether a review has something here that could stand here. */
    boolean isPossible(byte[] review) {
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
