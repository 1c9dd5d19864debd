package dev.pillion.admission.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MalformedReviewException;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.PodWebhook;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.admission.ValidatingWebhook;
import dev.pillion.admission.cache.ReviewCache.Match;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.yaml.Seeds;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache hit is answered, byte for byte, as the review would be if it were parsed. */
class ReviewCacheTest {

    private static final String UID = "092f0064-db79-4859-9cb8-e3fa298d629b";
    private static final String TOKEN = "kube-api-access-r5wbk";
    private static final String REVIEW = text(Path.of("examples/review.json"));

    /** Texts in which Pods of the recorded workloads differ, with those of another Pod. */
    private static final Map<String, String> CONTROLLERS = Map.of(
            "(postgres-|pod-index\":\")0", "$17",
            "worker-1", "worker-2",
            "100e7f34-8dfa-4ab3-80e2-ed5fc5a401c2", "200e7f34-8dfa-4ab3-80e2-ed5fc5a401c2",
            "invoices-2026-11", "invoices-2026-12");

    @TempDir
    private Path directories;

    private final Catalog catalog = CatalogReader.builtIn();
    private final Injector injector = new Injector(InjectionSettings.defaults());
    private final MutatingWebhook webhook =
            new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> catalog, Namespace::named));
    private final ReviewCache<Cached> cache = new ReviewCache<>(1 << 20);

    @Test
    void findsTheAnswerToAnotherPodOfTheWorkload() throws Exception {
        cache(REVIEW);

        String other = REVIEW.replace(UID, "00000000-db79-4859-9cb8-e3fa298d629b")
                .replace(TOKEN, "kube-api-access-9z9z9")
                .replace("2026-11-21T13:44:00Z", "2027-01-01T00:00:01Z");

        assertThat(answerFromCache(other)).isEqualTo(answer(other));
        assertThat(new String(answerFromCache(other), StandardCharsets.UTF_8)).contains("00000000-db79");
    }

    /** Jackson would keep the name in its table after the review. */
    @Test
    void hasNoReviewWithALongName() throws Exception {
        for (int length : List.of(500, 600)) {
            String review = REVIEW.replaceFirst("\"annotations\":\\{", "$0\"" + "x".repeat(length) + "\":\"\",");
            assertThat(review).isNotEqualTo(REVIEW);

            cache(review);

            assertThat(cache.find(bytes(review)) != null).isEqualTo(length <= ReviewReader.MAX_NAME_IN_TABLE);
        }
    }

    @Test
    void acceptsNoOtherDifference() throws Exception {
        cache(REVIEW);

        int hits = 0;
        for (int at = 0; at < REVIEW.length(); at++) {
            for (char other : List.of('x', '"', '\\', '\u0000', '7')) {
                String changed = REVIEW.substring(0, at) + other + REVIEW.substring(at + 1);
                if (!changed.equals(REVIEW) && cache.find(bytes(changed)) != null) {
                    hits++;
                    assertThat(answerFromCache(changed)).isEqualTo(answer(changed));
                }
            }
        }

        // Two letters or digits at each place of the uid and of the Pod's name, one digit in the time; the token
        // volume's name stands at
        // several places.
        assertThat(hits).isBetween(60, 140);
    }

    @Test
    void acceptsNoMountOfAnotherTokenVolume() throws Exception {
        cache(REVIEW);

        assertThat(cache.find(bytes(REVIEW.replaceFirst(TOKEN, "kube-api-access-aaaaa"))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00e9", "\"", "\\", " ", "\n", "A", "/"})
    void acceptsNoNameThatTheApiServerDoesNotGenerate(String letter) throws Exception {
        cache(REVIEW);

        byte[] other = bytes(REVIEW.replace(TOKEN, "kube-api-access-r5wb" + letter));

        assertThat(cache.find(other)).isNull();
    }

    @Test
    void answersEachHitAsAFreshReview() {
        List<String> reviews = Stream.concat(Stream.of(REVIEW), recorded()).toList();
        AtomicInteger hits = new AtomicInteger();
        Seeds.each(3_000, random -> {
            String review = reviews.get(random.nextInt(reviews.size()));
            cache(review);
            String other = varied(review, random);
            Match<Cached> match = cache.find(bytes(other));
            if (match != null) {
                hits.incrementAndGet();
                assertThat(new String(answerFromCache(other), StandardCharsets.UTF_8))
                        .isEqualTo(new String(answer(other), StandardCharsets.UTF_8));
            }
        });

        assertThat(hits).hasValueGreaterThan(Long.getLong("seed") == null ? 300 : -1);
    }

    @Test
    void cachesNoAnswerThatMentionsTheTokenVolume() throws Exception {
        // migrate mounts all that the app mounts, and the token volume among it.
        String migrating = REVIEW.replace("\"logging, env\"", "\"migrate\"")
                .replace(
                        "env.pillion.dev/variables\":\"FIRSTNAME=Piyush\"",
                        "migrate.pillion.dev/command\":\"rake, db\"")
                .replace(
                        "logging.pillion.dev/path\":\"/var/log/nginx\"",
                        "logging.example.dev/path\":\"/var/log/nginx\"");
        assertThat(new String(answer(migrating), StandardCharsets.UTF_8)).contains("\"patch\"");

        cache(migrating);

        assertThat(cache.find(bytes(migrating))).isNull();
    }

    @Test
    void findsTheDenialOfAnotherPod() throws Exception {
        String denied = REVIEW.replace("logging, env", "loging, env");
        cache(denied);

        String other =
                denied.replace(UID, "00000000-db79-4859-9cb8-e3fa298d629b").replace(TOKEN, "kube-api-access-9z9z9");

        assertThat(new String(answerFromCache(other), StandardCharsets.UTF_8))
                .contains("unknown-profile")
                .isEqualTo(new String(answer(other), StandardCharsets.UTF_8));
    }

    /** As controllers create another Pod of the same workload. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "statefulset-pod, (postgres-|pod-index\":\")0, $17",
                "daemonset-pod, worker-1, worker-2",
                "job-pod, 100e7f34-8dfa-4ab3-80e2-ed5fc5a401c2, 200e7f34-8dfa-4ab3-80e2-ed5fc5a401c2",
                "job-pod, invoices-2026-11, invoices-2026-12"
            })
    void findsTheAnswerToAnotherPodOfAController(String file, String pattern, String replacement) throws Exception {
        String first = text(Path.of("src/test/resources/reviews/" + file + ".json"));
        String second = first.replaceAll(pattern, replacement);
        assertThat(second).isNotEqualTo(first);
        cache(first);

        assertThat(answerFromCache(second)).isEqualTo(answer(second));
    }

    @Test
    void comparesNamesThatBelongTogether() throws Exception {
        String first = text(Path.of("src/test/resources/reviews/statefulset-pod.json"));
        cache(first);

        assertThat(cache.find(bytes(first.replace("data-postgres-0", "data-postgres-7"))))
                .isNull();
        assertThat(cache.find(bytes(first.replace("pod-index\":\"0", "pod-index\":\"7"))))
                .isNull();
        assertThat(cache.find(bytes(first.replace("postgres-0", "postgres-A")))).isNull();
    }

    /** Between the webhooks the API server gives the Pod a name, a uid and a time. */
    @Test
    void findsTheAnswerToAnotherPodAfterItsCreation() throws Exception {
        ValidatingWebhook validating =
                new ValidatingWebhook(DecisionSnapshot.current(() -> injector, () -> catalog, Namespace::named));
        String first = created(
                text(Path.of("src/test/resources/reviews/deployment-pod.json")), "x7k2p", "2026-11-21T13:44:00Z");
        String second = created(
                text(Path.of("src/test/resources/reviews/deployment-pod.json")), "z9z9z", "2026-11-22T14:45:01Z");
        cache(first, validating, catalog);

        assertThat(answerFromCache(second))
                .isEqualTo(ReviewWriter.write(
                        validating.review(ReviewReader.read(bytes(second))).response()));
    }

    /** The mutating webhook sees such a name only if the creator of the Pod chose it, and profiles may read it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void comparesANameThatAPolicyReads(boolean generated) throws Exception {
        Catalog reading = withPolicy(
                "matchConditions: [{name: ends, expression: \"pod.?metadata.name.orValue('').endsWith('p')\"}]");
        MutatingWebhook mutating =
                new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> reading, Namespace::named));
        ValidatingWebhook validating =
                new ValidatingWebhook(DecisionSnapshot.current(() -> injector, () -> reading, Namespace::named));
        String pod = text(Path.of("src/test/resources/reviews/deployment-pod.json"));
        String first = created(pod, generated ? "x7k2p" : "x7k2pp", "2026-11-21T13:44:00Z");
        String second = created(pod, generated ? "x7k2q" : "x7k2pq", "2026-11-21T13:44:00Z");

        cache(first, mutating, reading);
        assertThat(cache.find(bytes(second))).isNull();
        cache(first, validating, reading);
        assertThat(cache.find(bytes(second))).matches(match -> (match != null) == generated);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podSelector: {matchLabels: {apps.kubernetes.io/pod-index: '3'}}",
                "podSelector: {matchExpressions: [{key: statefulset.kubernetes.io/pod-name, operator: NotIn, values: [postgres-3]}]}",
                "matchConditions: [{name: l, expression: \"pod.metadata.labels.exists(k, pod.metadata.labels[k] == '3')\"}]",
                "matchConditions: [{name: v, expression: \"pod.spec.volumes.exists(v, v.name == 'x')\"}]",
                "matchConditions: [{name: p, expression: \"has(pod.metadata)\"}]"
            })
    void comparesAFieldThatAPolicyReads(String match) throws Exception {
        Catalog reading = withPolicy(match);
        MutatingWebhook mutating =
                new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> reading, Namespace::named));
        String first = text(Path.of("src/test/resources/reviews/statefulset-pod.json"));
        cache(first, mutating, reading);

        assertThat(cache.find(bytes(first))).isNotNull();
        assertThat(cache.find(bytes(first.replaceAll("(postgres-|pod-index\":\")0", "$13"))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podSelector: {matchLabels: {app: another}}, matchConditions: [{name: p, expression: \"has(pod.metadata)\"}]",
                "matchConditions: [{name: l, expression: \"pod.metadata.labels['app'] == 'x'\"}]",
                "matchConditions: [{name: l, expression: \"pod.metadata.?labels[?'app'].orValue('') == 'x'\"}]"
            })
    void comparesNoFieldThatOnlyOtherPoliciesRead(String match) throws Exception {
        Catalog reading = withPolicy(match);
        MutatingWebhook mutating =
                new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> reading, Namespace::named));
        String first = text(Path.of("src/test/resources/reviews/statefulset-pod.json"));
        cache(first, mutating, reading);

        assertThat(cache.find(bytes(first.replaceAll("(postgres-|pod-index\":\")0", "$17"))))
                .isNotNull();
    }

    @Test
    void comparesTheWorkloadWhereAPolicyAppliesToAPercentage() throws Exception {
        Path directory = Files.createDirectories(directories.resolve("percentage"));
        Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: some}
                spec: {mode: Default, match: {}, percentage: 50, profiles: [{name: logging}]}
                """);
        Catalog some = CatalogReader.read(directory);
        String first = text(Path.of("src/test/resources/reviews/job-pod.json"));
        cache(first, new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> some, Namespace::named)), some);

        assertThat(cache.find(bytes(first))).isNotNull();
        assertThat(cache.find(bytes(first.replace("invoices-2026-11", "invoices-2026-12"))))
                .isNull();
    }

    /** Only the earlier generation reads the names of volumes. */
    @Test
    void comparesTheFieldsThatPinnedGenerationsRead() throws Exception {
        String former = "description: Former.\napp: {env: [{name: A, value: '${string(pod.?spec.volumes.orValue([])"
                + ".exists(v, v.name == \"kube-api-access-aaaaa\"))}'}]}";
        Catalog base = CatalogReader.builtIn();
        Catalog pinnable = ResourceCatalog.over(base)
                .with(base, List.of(profile("env", former)))
                .with(
                        base,
                        List.of(profile(
                                "env", "description: Present.\npinnable: true\napp: {env: [{name: A, value: b}]}")))
                .catalog();
        String old = pinnable.earlier("env").getFirst().generation();
        String present = pinnable.profile("env").orElseThrow().generation();
        MutatingWebhook mutating =
                new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> pinnable, Namespace::named));

        for (String pin : List.of(old, present, "0123abcd")) {
            String review = REVIEW.replace(
                    "\"env.pillion.dev/variables\":\"FIRSTNAME=Piyush\"",
                    "\"env.pillion.dev/generation\":\"" + pin + "\"");
            assertThat(review).isNotEqualTo(REVIEW);
            cache(review, mutating, pinnable);
            for (String other : List.of(
                    review.replace(TOKEN, "kube-api-access-aaaaa"),
                    review.replace(TOKEN, "kube-api-access-bbbbb"),
                    review.replace(pin, old),
                    review.replace(pin, present),
                    review.replace(pin, "cafecafe"))) {
                if (cache.find(bytes(other)) != null) {
                    assertThat(answerFromCache(other))
                            .isEqualTo(ReviewWriter.write(mutating.review(ReviewReader.read(bytes(other)))
                                    .response()));
                }
            }
        }
    }

    @Test
    void comparesTheWorkloadWhereAGenerationIsForAPercentage() throws Exception {
        Catalog base = CatalogReader.builtIn();
        Catalog shared = ResourceCatalog.over(base)
                .with(base, List.of(profile("env", "description: Former.\napp: {env: [{name: A, value: a}]}")))
                .with(
                        base,
                        List.of(profile(
                                "env", "description: Present.\npercentage: 50\napp: {env: [{name: A, value: b}]}")))
                .catalog();
        String first = text(Path.of("src/test/resources/reviews/job-pod.json"))
                .replaceFirst("\"annotations\":\\{[^}]*}", "\"annotations\":{\"pillion.dev/inject\":\"env\"}");
        cache(
                first,
                new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> shared, Namespace::named)),
                shared);

        assertThat(first).contains("\"pillion.dev/inject\":\"env\"");
        assertThat(cache.find(bytes(first))).isNotNull();
        assertThat(cache.find(bytes(first.replace("invoices-2026-11", "invoices-2026-12"))))
                .isNull();
    }

    @Test
    void comparesTheNamespaceThatPinsAGeneration() {
        Namespace pinning = new Namespace("shop", Map.of(), Map.of("env.pillion.dev/generation", "0123abcd"));

        assertThat(new DecisionSnapshot(injector, catalog, pinning)
                        .isSameAs(new DecisionSnapshot(injector, catalog, Namespace.named("shop"))))
                .isFalse();
    }

    private static CatalogResource profile(String name, String spec) throws Exception {
        return CatalogResource.of(
                CatalogResource.Kind.PROFILE,
                YamlReader.read("{metadata: {name: " + name + ", generation: 1}, spec: {}}\n")
                        .getFirst()
                        .tree()
                        .<ObjectNode>deepCopy()
                        .set("spec", YamlReader.read(spec).getFirst().tree()));
    }

    private Catalog withPolicy(String match) throws Exception {
        Path directory = Files.createDirectories(directories.resolve("reading"));
        Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: reads}
                spec:
                  mode: Permit
                  match: {namespaceSelector: {}}
                  profiles: [{name: env}]
                """.replace("{namespaceSelector: {}}", "{" + match + "}"));
        return CatalogReader.read(directory);
    }

    /** The review of a Pod as the API server sends it to validating webhooks. */
    private static String created(String review, String suffix, String time) {
        String uid = "0b0b0b0b-1111-2222-3333-" + HexFormat.of().formatHex(Arrays.copyOf(bytes(suffix), 6));
        return review.replaceFirst(
                        "\"generateName\":\"([^\"]*)\"",
                        "\"name\":\"$1" + suffix + "\",\"generateName\":\"$1\",\"uid\":\"" + uid + "\"")
                .replace("\"creationTimestamp\":null", "\"creationTimestamp\":\"" + time + "\"");
    }

    @Test
    void wantsTheSecondReviewOfAWorkload() throws Exception {
        String first = text(Path.of("src/test/resources/reviews/statefulset-pod.json"));
        String second = first.replaceAll("(postgres-|pod-index\":\")0", "$17");
        String other = first.replace("\"app\":\"postgres\"", "\"app\":\"postgrex\"");

        assertThat(wants(first)).isFalse();
        assertThat(wants(second)).isTrue();
        assertThat(wants(other)).isFalse();
    }

    private boolean wants(String review) throws Exception {
        return cache.wants(bytes(review), ReviewReader.read(bytes(review)));
    }

    @Test
    void wantsNoReviewThatWouldFillIt() throws Exception {
        String large = REVIEW + " ".repeat(1 << 17);

        assertThat(wants(large)).isFalse();
        assertThat(wants(large)).isFalse();
    }

    @Test
    void startsAgainWhenItIsFull() throws Exception {
        cache(REVIEW);
        for (int each = 0; each < 100; each++) {
            cache(REVIEW.replace("web-eu", "web-" + each));
        }

        assertThat(cache.find(bytes(REVIEW))).isNull();
        assertThat(cache.find(bytes(REVIEW.replace("web-eu", "web-99")))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"uid\":\"11111111-db79-4859-9cb8-e3fa298d629b\",",
                // Not of the form of a uid.
                "\"uid\":\"a b\",",
                // The same key, with an escape.
                "\"\\u0075id\":\"11111111\","
            })
    void cachesNoReviewWithASecondUid(String field) throws Exception {
        String twice = REVIEW.replace("\"request\":{", "\"request\":{" + field);
        // The last one counts.
        assertThat(ReviewReader.read(bytes(twice)).uid()).isEqualTo(UID);

        cache(twice);

        assertThat(cache.bytes()).isZero();
    }

    @Test
    void cachesNoReviewThatHasAnyKeyTwice() throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode review = json.readTree(REVIEW);
        List<String> reviews = new ArrayList<>();
        repeatEachKey(review, "", reviews);
        assertThat(reviews).hasSizeGreaterThan(150);

        for (String twice : reviews) {
            cache(twice);

            assertThat(cache.bytes()).as(twice).isZero();
            assertThat(ReviewReader.read(bytes(twice)))
                    .as("the fields that are not read change nothing")
                    .isEqualTo(ReviewReader.read(bytes(json.readTree(twice).toString())));
        }
    }

    /** The review once for each of its keys, which then occurs twice, first with another value. */
    private static void repeatEachKey(JsonNode node, String pointer, List<String> into) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                String path = pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
                into.add(withKeyTwice(path, field.getKey()));
                repeatEachKey(field.getValue(), path, into);
            });
        } else if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                repeatEachKey(node.get(index), pointer + "/" + index, into);
            }
        }
    }

    private static String withKeyTwice(String pointer, String key) {
        try {
            ObjectMapper json = new ObjectMapper();
            JsonNode review = json.readTree(REVIEW);
            ObjectNode owner =
                    (ObjectNode) review.at(JsonPointer.compile(pointer).head());
            ObjectNode first = json.createObjectNode().put("DUPLICATE", "another");
            owner.properties().forEach(each -> first.set(each.getKey(), each.getValue()));
            owner.removeAll().setAll(first);
            return json.writeValueAsString(review).replace("\"DUPLICATE\"", json.writeValueAsString(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keepsNoCatalogThatWasReplaced() throws Exception {
        ReviewCache<Cached> shared = new ReviewCache<>(16 << 20);
        List<WeakReference<Catalog>> catalogs = new ArrayList<>();
        for (int reload = 0; reload < 20; reload++) {
            catalogs.add(cacheWithItsOwnCatalog(shared, reload));
        }

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            assertThat(catalogs.stream().filter(each -> each.get() != null)).hasSizeLessThanOrEqualTo(1);
        });
        shared.retainOnly(injector, catalog);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            assertThat(catalogs).allMatch(each -> each.get() == null);
        });
        assertThat(shared.bytes()).isZero();
    }

    /** Each of another workload, so that no entry replaces an earlier one. */
    private WeakReference<Catalog> cacheWithItsOwnCatalog(ReviewCache<Cached> shared, int number) throws Exception {
        StringBuilder policies = new StringBuilder();
        for (int policy = 0; policy < 50; policy++) {
            policies.append("""
                    ---
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionPolicy
                    metadata: {name: policy-%d-%d}
                    spec:
                      mode: Default
                      match: {namespaceSelector: {matchLabels: {team: none}}}
                      profiles: [{name: logging}]
                    """.formatted(number, policy));
        }
        Path directory = Files.createDirectories(directories.resolve("catalog-" + number));
        Files.writeString(directory.resolve("policies.yaml"), policies);
        Catalog own = CatalogReader.read(directory);
        MutatingWebhook webhook =
                new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> own, Namespace::named));
        byte[] review = bytes(REVIEW.replace("web-eu", "web-" + "x".repeat(number + 1)));
        AdmissionRequest request = ReviewReader.read(review);
        DecisionSnapshot snapshot = webhook.snapshot(request.namespace());
        ReviewOutcome outcome = webhook.review(request, snapshot);
        byte[] response = ReviewWriter.write(outcome.response());
        shared.put(
                new AnsweredReview(review, request, snapshot, response),
                webhook,
                new Cached(request.uid(), response, outcome),
                0);
        assertThat(shared.find(review)).isNotNull();
        return new WeakReference<>(own);
    }

    @Test
    void countsWhatItHoldsWhileManyWriteAndDiscard() throws Exception {
        ReviewCache<Cached> small = new ReviewCache<>(200_000);
        Injector other = new Injector(InjectionSettings.defaults());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int number = thread;
                done.add(threads.submit(() -> {
                    for (int each = 0; each < 300; each++) {
                        String name = "web-" + number + "-" + each % 40;
                        byte[] review = bytes(REVIEW.replace("web-eu", name));
                        AdmissionRequest request = ReviewReader.read(review);
                        DecisionSnapshot snapshot = new DecisionSnapshot(
                                each % 50 == 0 ? other : injector, catalog, Namespace.named("shop"));
                        ReviewOutcome outcome = webhook.review(request, snapshot);
                        byte[] response = ReviewWriter.write(outcome.response());
                        small.put(
                                new AnsweredReview(review, request, snapshot, response),
                                webhook,
                                new Cached(name, new byte[0], outcome),
                                each);
                        if (each % 70 == 0) {
                            small.retainOnly(injector, catalog);
                        }
                        assertThat(small.bytes()).isBetween(0L, 200_000L + 4 * 20_000);
                    }
                    return null;
                }));
            }
            for (Future<?> each : done) {
                each.get(1, TimeUnit.MINUTES);
            }
        }

        assertThat(small.bytes()).isPositive().isEqualTo(small.countedBytes());
    }

    /** Sometimes as another Pod of the same workload would differ, sometimes in a byte anywhere. */
    private static String varied(String review, Random random) {
        StringBuilder other = new StringBuilder(review);
        if (random.nextBoolean()) {
            Map.Entry<String, String> controller =
                    List.copyOf(CONTROLLERS.entrySet()).get(random.nextInt(CONTROLLERS.size()));
            other = new StringBuilder(review.replaceAll(controller.getKey(), controller.getValue()));
        }
        List<String> places =
                List.of("\"uid\":\"", "kube-api-access-", "\"time\":\"", "postgres-", "worker-", "invoices-");
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

    /** @param answer as it was written for the review that was cached */
    private record Cached(String uid, byte[] answer, ReviewOutcome outcome) {}

    private void cache(String review) throws Exception {
        cache(review, webhook, catalog);
    }

    private void cache(String review, PodWebhook answering, Catalog current) throws Exception {
        try {
            AdmissionRequest request = ReviewReader.read(bytes(review));
            DecisionSnapshot snapshot = new DecisionSnapshot(injector, current, Namespace.named(request.namespace()));
            ReviewOutcome outcome = answering.review(request, snapshot);
            byte[] response = ReviewWriter.write(outcome.response());
            cache.put(
                    new AnsweredReview(bytes(review), request, snapshot, response),
                    answering,
                    new Cached(request.uid(), response, outcome),
                    0);
        } catch (MalformedReviewException e) {
            throw new AssertionError(review, e);
        }
    }

    private byte[] answerFromCache(String review) {
        Match<Cached> match = cache.find(bytes(review));
        assertThat(match).isNotNull();
        return ReviewWriter.withUid(match.value().answer(), match.value().uid(), bytes(review), match.uid());
    }

    private byte[] answer(String review) throws Exception {
        return ReviewWriter.write(
                webhook.review(ReviewReader.read(bytes(review))).response());
    }

    private static Stream<String> recorded() {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/reviews"))) {
            return files.sorted().map(ReviewCacheTest::text).toList().stream();
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
