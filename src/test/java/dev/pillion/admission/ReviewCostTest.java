package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.admission.LargePods.Dimension;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large Pod of any kind costs little more than reading it. The unit is the CPU time that Jackson needs in the same run to parse an ordinary
 * Pod of the same size.
 *
 * <p>The build tries each dimension and some pairs. {@code -Dcost.pairs=all} tries all pairs.
 */
class ReviewCostTest {

    private static final int KB = 1_000;

    /**
     * The most expensive review costs about 60 parses. Quadratic work costs 160 or more at these sizes. The margin is for a busy machine.
     */
    private static final double MOST_PARSES = Double.parseDouble(System.getProperty("cost.most", "120"));

    private static final Set<ReasonCode> LIMITS = EnumSet.of(ReasonCode.TOO_LARGE, ReasonCode.ANNOTATIONS_TOO_LARGE);

    /** The codes of other denials that such Pods get. */
    private static final Map<Dimension, ReasonCode> MISTAKES = Map.of(
            Dimension.CHOSEN_CONTAINERS, ReasonCode.UNKNOWN_CONTAINER,
            Dimension.LONG_CHOSEN_CONTAINER, ReasonCode.UNKNOWN_CONTAINER,
            Dimension.DEEP_PATH, ReasonCode.INVALID_VALUE,
            Dimension.FORGED_RECORD, ReasonCode.CHANGED_REQUEST,
            Dimension.FORGED_ELEMENTS, ReasonCode.CHANGED_REQUEST,
            Dimension.FORGED_MOUNTS, ReasonCode.CHANGED_REQUEST,
            Dimension.FORGED_TEXTS, ReasonCode.CHANGED_REQUEST);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    static Path directory;

    private static MutatingWebhook mutating;
    private static ValidatingWebhook validating;

    private static final Map<Integer, Double> UNITS = new HashMap<>();

    private final List<Cost> costs = new ArrayList<>();

    private record Cost(Set<Dimension> dimensions, int bytes, double parses, long micros, String passes) {

        @Override
        public String toString() {
            return "%7.1f parses, %7d us: %s, %d bytes: %s".formatted(parses, micros, dimensions, bytes, passes);
        }
    }

    @BeforeAll
    static void compile() throws Exception {
        mutating = new MutatingWebhook(snapshots(LargePods.PROFILES));
        validating = new ValidatingWebhook(snapshots(LargePods.PROFILES + LargePods.POLICY));
        // The first reviews of a Java process are slow.
        for (int time = 0; time < 5; time++) {
            for (Dimension dimension : Dimension.values()) {
                new ReviewCostTest().review(EnumSet.of(dimension), 10 * KB, 1);
            }
        }
    }

    private static java.util.function.Function<String, DecisionSnapshot> snapshots(String resources) throws Exception {
        Path home = Files.createTempDirectory(directory, "catalog");
        Files.writeString(home.resolve("catalog.yaml"), resources);
        Catalog catalog = CatalogReader.read(home);
        Injector injector = new Injector(InjectionSettings.defaults());
        return DecisionSnapshot.current(() -> injector, () -> catalog, Namespace::named);
    }

    @Test
    void isBoundedInEachDimension() throws Exception {
        for (Dimension dimension : Dimension.values()) {
            measure(EnumSet.of(dimension), 250 * KB);
            measure(EnumSet.of(dimension), 3_000 * KB);
        }
        report();
    }

    @Test
    void isBoundedInEachPairOfDimensions() throws Exception {
        Dimension[] all = Dimension.values();
        boolean every = System.getProperty("cost.pairs", "some").equals("all");
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        System.out.println("ReviewCostTest: -Dseed=" + seed);
        for (int one = 0; one < all.length; one++) {
            for (int other = 0; other < one; other++) {
                if (every || random.nextInt(6) == 0) {
                    measure(EnumSet.of(all[one], all[other]), 250 * KB);
                }
            }
        }
        measure(EnumSet.allOf(Dimension.class), 3_000 * KB);
        measure(EnumSet.of(Dimension.CONTAINERS, Dimension.ADDED_VARIABLES), 3_000 * KB);
        measure(EnumSet.of(Dimension.CONTAINERS, Dimension.SUB_PATH_REFERENCES), 3_000 * KB);
        report();
    }

    private void measure(Set<Dimension> dimensions, int bytes) throws Exception {
        double unit = UNITS.computeIfAbsent(bytes, ReviewCostTest::parseOfOrdinaryPod);
        Cost cost = review(dimensions, bytes, unit);
        for (int again = 0; again < 10 && cost.parses > MOST_PARSES; again++) {
            // On a busy machine the JIT compiler is late, and the code still runs interpreted. A quadratic cost remains
            // after it.
            cost = review(dimensions, bytes, unit);
        }
        costs.add(cost);
        if (Boolean.getBoolean("cost.verbose")) {
            System.out.println(cost);
        }
    }

    private void report() {
        costs.sort(Comparator.comparingDouble(Cost::parses).reversed());
        System.out.println("ReviewCostTest: the dearest of " + costs.size() + " reviews");
        costs.stream().limit(12).forEach(System.out::println);
        assertThat(costs)
                .allSatisfy(cost -> assertThat(cost.parses).as(cost.toString()).isLessThan(MOST_PARSES));
    }

    /** The cost of the most expensive of three steps: the first pass, the second pass, and the check of the final state. */
    private Cost review(Set<Dimension> dimensions, int bytes, double unit) throws Exception {
        byte[] body = LargePods.review(dimensions, bytes);
        String passes = "";
        long dearest = 0;
        byte[] current = body;
        for (int pass = 0; pass < 3; pass++) {
            byte[] review = current;
            PodWebhook webhook = pass < 2 ? mutating : validating;
            long start = THREADS.getCurrentThreadCpuTime();
            AdmissionRequest request = ReviewReader.read(review);
            ReviewOutcome outcome = webhook.review(request);
            byte[] answer = ReviewWriter.write(outcome.response());
            long took = THREADS.getCurrentThreadCpuTime() - start;
            dearest = Math.max(dearest, took);
            passes += (pass == 0 ? "" : ", ") + outcome.code() + " " + took / 1_000;
            check(dimensions, outcome, answer);
            if (pass == 0 && outcome.response().patch().isPresent()) {
                JsonNode patched = JSON.readTree(body).at("/request/object");
                apply(outcome.response().patch().get().toJson(), patched);
                current = LargePods.review(patched);
            }
        }
        return new Cost(dimensions, body.length, dearest / unit, dearest / 1_000, passes);
    }

    private static double parseOfOrdinaryPod(int bytes) {
        byte[] body = LargePods.review(EnumSet.of(Dimension.CONTAINERS, Dimension.OWN_VARIABLES), bytes);
        long least = Long.MAX_VALUE;
        for (int time = 0; time < 20; time++) {
            long start = THREADS.getCurrentThreadCpuTime();
            try {
                JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            least = Math.min(least, THREADS.getCurrentThreadCpuTime() - start);
        }
        return least;
    }

    /** A patch within the limits, or a denial that names a limit. */
    private static void check(Set<Dimension> dimensions, ReviewOutcome outcome, byte[] answer) {
        assertThat(answer.length).as("answer for %s", dimensions).isLessThan(4 * 1024 * 1024);
        outcome.response().denial().ifPresent(denial -> {
            Set<ReasonCode> expected = EnumSet.copyOf(LIMITS);
            dimensions.stream().filter(MISTAKES::containsKey).map(MISTAKES::get).forEach(expected::add);
            assertThat(expected).as("%s: %s", dimensions, denial.message()).contains(outcome.code());
            assertThat(denial.message()).hasSizeLessThan(3_000);
        });
        assertThat(outcome.response().warnings())
                .allSatisfy(warning -> assertThat(warning).hasSizeLessThanOrEqualTo(120));
        assertThat(outcome.response().auditAnnotations().values())
                .allSatisfy(value -> assertThat(value).hasSizeLessThan(5_000));
    }

    /** An operation is {@code add}, {@code replace} of a field, or {@code remove}. */
    private static void apply(ArrayNode patch, JsonNode document) {
        for (JsonNode operation : patch) {
            String path = operation.path("path").asText();
            int slash = path.lastIndexOf('/');
            String last = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
            ContainerNode<?> parent = (ContainerNode<?>) document.at(path.substring(0, slash));
            JsonNode value = operation.path("value").deepCopy();
            boolean removes = operation.path("op").asText().equals("remove");
            switch (parent) {
                case ObjectNode map when removes -> map.remove(last);
                case ArrayNode list when removes -> list.remove(Integer.parseInt(last));
                case ObjectNode map -> map.set(last, value);
                case ArrayNode list when last.equals("-") -> list.add(value);
                case ArrayNode list -> list.insert(Integer.parseInt(last), value);
                default -> throw new IllegalStateException(path);
            }
        }
    }
}
