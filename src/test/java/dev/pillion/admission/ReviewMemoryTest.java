package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.admission.ReviewMemory.Match;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.CatalogReader;
import dev.pillion.injection.InjectionSettings;
import dev.pillion.injection.Injector;
import dev.pillion.pod.Namespace;
import dev.pillion.yaml.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A review that is recognised gets, byte for byte, the answer that it would have got if it had been read. */
class ReviewMemoryTest {

    private static final String UID = "092f0064-db79-4859-9cb8-e3fa298d629b";
    private static final String TOKEN = "kube-api-access-r5wbk";
    private static final String REVIEW = text(Path.of("examples/review.json"));

    private final Catalog catalog = CatalogReader.builtIn();
    private final Injector injector = new Injector(InjectionSettings.defaults());
    private final MutatingWebhook webhook =
            new MutatingWebhook(Basis.current(() -> injector, () -> catalog, Namespace::named));
    private final ReviewMemory<Known> memory = new ReviewMemory<>(1 << 20);

    @Test
    void recognisesAnotherPodOfTheWorkload() throws Exception {
        remember(REVIEW);

        String other = REVIEW.replace(UID, "00000000-db79-4859-9cb8-e3fa298d629b")
                .replace(TOKEN, "kube-api-access-9z9z9")
                .replace("2026-11-21T13:44:00Z", "2027-01-01T00:00:01Z");

        assertThat(recognised(other)).isEqualTo(answer(other));
        assertThat(new String(recognised(other), StandardCharsets.UTF_8)).contains("00000000-db79");
    }

    @Test
    void takesNoOtherByteForTheSame() throws Exception {
        remember(REVIEW);

        int recognised = 0;
        for (int at = 0; at < REVIEW.length(); at++) {
            for (char other : List.of('x', '"', '\\', '\u0000', '7')) {
                String changed = REVIEW.substring(0, at) + other + REVIEW.substring(at + 1);
                if (!changed.equals(REVIEW) && memory.find(bytes(changed)) != null) {
                    recognised++;
                    assertThat(recognised(changed)).isEqualTo(answer(changed));
                }
            }
        }

        // Two letters or digits at each place of the uid, one digit in the time; the token volume's name stands at
        // several places.
        assertThat(recognised).isBetween(60, 100);
    }

    @Test
    void takesNoTokenVolumeForAnothers() throws Exception {
        remember(REVIEW);

        assertThat(memory.find(bytes(REVIEW.replaceFirst(TOKEN, "kube-api-access-aaaaa"))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00e9", "\"", "\\", " ", "\n", "A", "/"})
    void takesNothingForANameThatTheApiServerDoesNotMake(String letter) throws Exception {
        remember(REVIEW);

        byte[] other = bytes(REVIEW.replace(TOKEN, "kube-api-access-r5wb" + letter));

        assertThat(memory.find(other)).isNull();
    }

    @Test
    void isRightAboutWhateverItRecognises() {
        List<String> reviews = Stream.concat(Stream.of(REVIEW), recorded()).toList();
        AtomicInteger recognised = new AtomicInteger();
        Seeds.each(3_000, random -> {
            String review = reviews.get(random.nextInt(reviews.size()));
            remember(review);
            String other = varied(review, random);
            Match<Known> match = memory.find(bytes(other));
            if (match != null) {
                recognised.incrementAndGet();
                assertThat(new String(recognised(other), StandardCharsets.UTF_8))
                        .isEqualTo(new String(answer(other), StandardCharsets.UTF_8));
            }
        });

        assertThat(recognised).hasValueGreaterThan(Long.getLong("seed") == null ? 300 : -1);
    }

    @Test
    void remembersNothingThatIsTakenOverFromATokenVolume() throws Exception {
        // migrate mounts all that the app mounts, and the token volume among it.
        String migrating = REVIEW.replace("\"logging, env\"", "\"migrate\"")
                .replace(
                        "env.pillion.dev/variables\":\"FIRSTNAME=Piyush\"",
                        "migrate.pillion.dev/command\":\"rake, db\"")
                .replace(
                        "logging.pillion.dev/path\":\"/var/log/nginx\"",
                        "logging.example.dev/path\":\"/var/log/nginx\"");
        assertThat(new String(answer(migrating), StandardCharsets.UTF_8)).contains("\"patch\"");

        remember(migrating);

        assertThat(memory.find(bytes(migrating))).isNull();
    }

    @Test
    void remembersNoDenial() throws Exception {
        String denied = REVIEW.replace("logging, env", "loging, env");

        remember(denied);

        assertThat(memory.find(bytes(denied))).isNull();
    }

    @Test
    void wantsAReviewWhenOneOfItsSortHasComeBefore() {
        byte[] review = bytes(REVIEW);

        assertThat(memory.wants(review, 42)).isFalse();
        assertThat(memory.wants(review, 42)).isTrue();
        assertThat(memory.wants(review, 43)).isFalse();
    }

    @Test
    void wantsNoneThatWouldFillIt() {
        byte[] large = new byte[1 << 17];

        memory.wants(large, 42);

        assertThat(memory.wants(large, 42)).isFalse();
    }

    @Test
    void beginsAnewWhenItIsFull() throws Exception {
        remember(REVIEW);
        for (int each = 0; each < 100; each++) {
            remember(REVIEW.replace("web-eu", "web-" + each));
        }

        assertThat(memory.find(bytes(REVIEW))).isNull();
        assertThat(memory.find(bytes(REVIEW.replace("web-eu", "web-99")))).isNotNull();
    }

    /** Sometimes as another Pod of the same workload would differ, sometimes in a byte anywhere. */
    private static String varied(String review, Random random) {
        StringBuilder other = new StringBuilder(review);
        List<String> places = List.of("\"uid\":\"", "kube-api-access-", "\"time\":\"");
        for (int times = random.nextInt(4); times > 0; times--) {
            String place = places.get(random.nextInt(places.size()));
            int from = other.indexOf(place, random.nextInt(other.length())) + place.length();
            int at = random.nextInt(5) == 0
                    ? random.nextInt(other.length())
                    : Math.min(other.length() - 1, from + random.nextInt(5));
            other.setCharAt(at, "abz019-:\"\\{}".charAt(random.nextInt(12)));
        }
        return other.toString();
    }

    /** @param answer as it was written for the review that was remembered */
    private record Known(String uid, byte[] answer) {}

    private void remember(String review) throws Exception {
        try {
            AdmissionRequest request = ReviewReader.read(bytes(review));
            Basis basis = webhook.basis(request.namespace());
            AdmissionResponse response = webhook.review(request, basis);
            memory.keep(bytes(review), basis, response, new Known(request.uid(), ReviewWriter.write(response)), 0);
        } catch (MalformedReviewException e) {
            throw new AssertionError(review, e);
        }
    }

    private byte[] recognised(String review) {
        Match<Known> match = memory.find(bytes(review));
        assertThat(match).isNotNull();
        return ReviewWriter.readdress(match.value().answer(), match.value().uid(), bytes(review), match.uid());
    }

    private byte[] answer(String review) throws Exception {
        return ReviewWriter.write(webhook.review(ReviewReader.read(bytes(review))));
    }

    private static Stream<String> recorded() {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/reviews"))) {
            return files.sorted().map(ReviewMemoryTest::text).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
