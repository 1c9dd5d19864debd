package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.yaml.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Damaged reviews are either refused as malformed or get a valid response. The message of a failure contains the seed.
 */
class MutatedReviewsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectReader WHOLE = JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<byte[]> REVIEWS = reviews();

    /** Texts with a meaning in JSON: structure, escapes, other encodings, and the ends of numbers and names. */
    private static final List<String> PIECES = List.of(
            "\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\\",
            "\\u0000",
            "\\ud83d",
            "\\n",
            "null",
            "true",
            "-1",
            "1e999",
            "\0",
            "pillion.dev/",
            "false",
            "/",
            "..",
            "$(",
            "${",
            "é",
            "\u2028",
            "\uFEFF");

    private static final List<JsonNode> VALUES = Stream.of(
                    "null",
                    "true",
                    "3",
                    "-0.5",
                    "1e400",
                    "\"\"",
                    "\"text\"",
                    "\"/\"",
                    "\"a\\u0000b\"",
                    "[]",
                    "{}",
                    "[null]",
                    "[{}]",
                    "[\"x\"]",
                    "{\"name\":3}",
                    "{\"name\":\"web\"}",
                    "123456789012345678901234567890")
            .map(MutatedReviewsTest::json)
            .toList();

    private final MutatingWebhook webhook = new MutatingWebhook(DecisionSnapshot.current(
            () -> new Injector(InjectionSettings.defaults()), CatalogReader::builtIn, Namespace::named));

    @Test
    void areRefusedOrAnsweredWithChangedBytes() {
        AtomicInteger answered = new AtomicInteger();
        Seeds.each(3_000, random -> answered.addAndGet(review(damaged(pick(REVIEWS, random), random)) ? 1 : 0));

        assertThat(answered).hasValueGreaterThan(Long.getLong("seed") == null ? 500 : -1);
    }

    @Test
    void areRefusedOrAnsweredWithChangedValues() {
        AtomicInteger answered = new AtomicInteger();
        Seeds.each(2_000, random -> {
            JsonNode review = JSON.readTree(pick(REVIEWS, random)).deepCopy();
            for (int times = 1 + random.nextInt(3); times > 0; times--) {
                replaceOne(review, random);
            }
            answered.addAndGet(review(JSON.writeValueAsBytes(review)) ? 1 : 0);
        });

        assertThat(answered).hasValueGreaterThan(Long.getLong("seed") == null ? 1_500 : -1);
    }

    /** {@link UnreadFields} removes exactly the fields that Jackson would read, and keeps the rest. */
    @Test
    void areReadWithoutUnreadFieldsAsJacksonReadsThem() {
        AtomicInteger shorter = new AtomicInteger();
        Seeds.each(5_000, random -> {
            byte[] body = damaged(pick(REVIEWS, random), random);
            byte[] part = UnreadFields.removed(body);
            shorter.addAndGet(part.length < body.length ? 1 : 0);

            assertThat(withoutUnread(tree(part))).isEqualTo(withoutUnread(tree(body)));
        });

        assertThat(shorter).hasValueGreaterThan(Long.getLong("seed") == null ? 1_500 : -1);
    }

    private static JsonNode withoutUnread(JsonNode review) {
        if (review.path("request") instanceof ObjectNode request && request.has("userInfo")) {
            request.putNull("userInfo");
        }
        if (review.at("/request/object/metadata") instanceof ObjectNode metadata && metadata.has("managedFields")) {
            metadata.putNull("managedFields");
        }
        return review;
    }

    /** A missing node if the body is not JSON. */
    private static JsonNode tree(byte[] body) {
        try {
            return WHOLE.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** Whether there is a response. */
    private boolean review(byte[] body) throws Exception {
        AdmissionRequest request;
        try {
            request = ReviewReader.read(body);
        } catch (MalformedReviewException e) {
            assertThat(e.getMessage()).isNotBlank();
            return false;
        }
        ReviewResponse answer = ReviewResponse.read(
                        ReviewWriter.write(webhook.review(request).response()))
                .wellFormed(request.uid());
        if (answer.hasPatch()) {
            assertThat(answer.patched(request.object())).isNotEqualTo(request.object());
        }
        return true;
    }

    private static byte[] damaged(byte[] review, Random random) throws IOException {
        byte[] bytes = review;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + random.nextInt(6));
            bytes = switch (random.nextInt(5)) {
                case 0 -> with(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 1 -> with(bytes, at, end, new byte[0]);
                case 2 -> with(bytes, at, end, pick(PIECES, random).getBytes(StandardCharsets.UTF_8));
                case 3 -> with(bytes, at, at, Arrays.copyOfRange(bytes, end, Math.min(bytes.length, end + 50)));
                default -> with(bytes, at, at, pick(PIECES, random).getBytes(StandardCharsets.UTF_8));
            };
        }
        return random.nextInt(50) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static byte[] with(byte[] bytes, int from, int to, byte[] piece) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.length + piece.length);
        all.write(bytes, 0, from);
        all.write(piece);
        all.write(bytes, to, bytes.length - to);
        return all.toByteArray();
    }

    private static void replaceOne(JsonNode root, Random random) {
        List<ContainerNode<?>> owners = new ArrayList<>();
        collect(root, owners);
        switch (pick(owners, random)) {
            case ObjectNode object -> {
                List<String> names = new ArrayList<>(
                        object.propertyStream().map(java.util.Map.Entry::getKey).toList());
                object.set(pick(names, random), pick(VALUES, random).deepCopy());
            }
            case ArrayNode array ->
                array.set(random.nextInt(array.size()), pick(VALUES, random).deepCopy());
            default -> throw new AssertionError("a tree has maps and lists only");
        }
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> owners) {
        if (node instanceof ContainerNode<?> owner && !owner.isEmpty()) {
            owners.add(owner);
            owner.forEach(child -> collect(child, owners));
        }
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Reviews of real API servers, and small ones in which nearly every byte has a meaning. */
    private static List<byte[]> reviews() {
        List<byte[]> reviews = new ArrayList<>();
        for (String pod : List.of(
                "{\"metadata\":{\"annotations\":{\"pillion.dev/inject\":\"logging, proxy\",\"pillion.dev/wait-for\":\"db:1, http://a\"}},\"spec\":{\"containers\":[{\"name\":\"web\",\"ports\":[{\"containerPort\":80}],\"env\":[{\"name\":\"A\",\"value\":\"b\"}],\"volumeMounts\":[{\"name\":\"a\",\"mountPath\":\"/var/log\",\"subPathExpr\":\"$(A)\"}]}],\"volumes\":[{\"name\":\"a\",\"emptyDir\":{}}]}}",
                "{\"metadata\":{\"annotations\":{\"pillion.dev/inject\":\"env\",\"env.pillion.dev/variables\":\"A=1\\nB=2\",\"pillion.dev/containers\":\"web\",\"pillion.dev/status\":\"{\\\"version\\\":1,\\\"env\\\":{\\\"web\\\":[\\\"A\\\"]}}\"}},\"spec\":{\"initContainers\":null,\"securityContext\":{\"runAsUser\":1},\"containers\":[{\"name\":\"web\",\"env\":[]}]}}")) {
            reviews.add(
                    ("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\",\"resource\":{\"group\":\"\",\"resource\":\"pods\"},\"operation\":\"CREATE\",\"namespace\":\"shop\",\"object\":"
                                    + pod + "}}")
                            .getBytes(StandardCharsets.UTF_8));
        }
        try {
            for (String file : RecordedReviewsTest.files().toList()) {
                reviews.add(Files.readAllBytes(Path.of("src/test/resources/reviews", file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reviews;
    }
}
