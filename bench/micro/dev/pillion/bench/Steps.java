package dev.pillion.bench;

import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.cache.AnsweredReview;
import dev.pillion.admission.cache.ReviewCache;
import dev.pillion.admission.ReviewReader;
import dev.pillion.admission.ReviewWriter;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.injection.Injector;
import dev.pillion.pod.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of each step of a response. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"})
public class Steps {

    private final Catalog catalog = CatalogReader.builtIn();
    private final Injector injector = new Injector(InjectionSettings.defaults());
    private final MutatingWebhook webhook =
            new MutatingWebhook(DecisionSnapshot.current(() -> injector, () -> catalog, Namespace::named));
    private final ReviewCache<byte[]> cache = new ReviewCache<>(1 << 20);
    private byte[] review;
    private AdmissionRequest request;
    private ReviewOutcome outcome;

    /** {@code examples/review.json}: 11 KB, three profiles. */
    @Setup
    public void prepare() throws Exception {
        review = Files.readAllBytes(Path.of(System.getProperty("examples"), "review.json"));
        request = ReviewReader.read(review);
        outcome = webhook.review(request);
        byte[] written = ReviewWriter.write(outcome.response());
        cache.put(
                new AnsweredReview(review, request, webhook.snapshot(request.namespace()), written), webhook, written, written.length);
    }

    @Benchmark
    public AdmissionRequest read() throws Exception {
        return ReviewReader.read(review);
    }

    @Benchmark
    public ReviewOutcome decide() {
        return webhook.review(request);
    }

    @Benchmark
    public byte[] write() {
        return ReviewWriter.write(outcome.response());
    }

    /** Replaces the other three steps for the second and all later Pods of a workload. */
    @Benchmark
    public byte[] cacheHit() {
        ReviewCache.Match<byte[]> match = cache.find(review);
        return ReviewWriter.withUid(match.value(), request.uid(), review, match.uid());
    }
}
