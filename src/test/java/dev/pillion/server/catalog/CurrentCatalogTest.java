package dev.pillion.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.HistoryRule;
import dev.pillion.catalog.resource.LastGood;
import dev.pillion.catalog.resource.PinnedGeneration;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentCatalogTest {

    private static final String PROFILE = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: %s}
            spec: {description: Sets a variable., app: {env: [{name: A, value: b}]}}
            """;

    private static final String POLICY = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionPolicy
            metadata: {name: exception}
            spec: {mode: Default, match: {}, profiles: [{name: one}], until: 2030-01-31T00:00:00+01:00}
            """;

    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    private Path temporary;

    private Path directory;

    /** The next reads throw these, one each. */
    private final Deque<Throwable> failures = new ArrayDeque<>();

    @BeforeEach
    void makeTheDirectory() throws IOException {
        directory = Files.createDirectory(temporary.resolve("profiles"));
        write("one");
    }

    /** The review cache is discarded with its catalog. */
    @Test
    void isTheSameCatalogAfterAnUpdateOfAStatus() throws Exception {
        CurrentCatalog catalog = catalog();
        catalog.take(List.of(tail("busybox:1")), HistoryRule.LEADING);
        Catalog before = catalog.get();

        catalog.take(
                List.of(new CatalogResource(
                        tail("busybox:1").id(), 1, tail("busybox:1").tree(), Optional.of(new LastGood(1, "{}")))),
                HistoryRule.LEADING);

        assertThat(catalog.get()).isSameAs(before);
    }

    @Test
    void dropsGenerationsThatNothingPinsWhenPinsAreKnown() throws Exception {
        CurrentCatalog catalog = catalog();
        List<String> generations = new ArrayList<>();
        for (int image = 1; image <= 4; image++) {
            catalog.take(List.of(tail("busybox:" + image)), HistoryRule.LEADING);
            generations.add(catalog.get().profile("tail").orElseThrow().generation());
        }
        assertThat(catalog.get().earlier("tail")).hasSize(3);

        catalog.dropUnpinned(Set.of(new PinnedGeneration("tail", generations.getFirst())));

        assertThat(catalog.get().earlier("tail"))
                .extracting(ProfileVersion::generation)
                .containsExactly(generations.getFirst());
        Catalog after = catalog.get();
        catalog.dropUnpinned(Set.of(new PinnedGeneration("tail", generations.getFirst())));
        assertThat(catalog.get()).isSameAs(after);
    }

    private static CatalogResource tail(String image) throws Exception {
        return CatalogResource.of(
                CatalogResource.Kind.PROFILE,
                YamlReader.read("""
                        metadata: {name: tail, generation: 1}
                        spec: {description: Tails., historyLimit: 1, sidecars: [{name: tail, image: '%s'}]}
                        """.formatted(image)).getFirst().tree());
    }

    @Test
    void readsAgainAfterAnIOExceptionEvenIfNoFileChanges() throws Exception {
        CurrentCatalog catalog = catalog();
        write("two");
        failures.add(new IOException("Stale file handle"));

        assertThat(catalog.refresh()).isFalse();
        assertThat(catalog.problem()).hasValueSatisfying(it -> assertThat(it).contains("Stale file handle"));
        assertThat(catalog.refresh()).isTrue();

        assertThat(catalog.problem()).isEmpty();
        assertThat(catalog.get().names()).contains("one", "two");
    }

    @Test
    void readsAgainAfterAnUncheckedExceptionOfTheFileSystem() throws Exception {
        CurrentCatalog catalog = catalog();
        write("two");
        failures.add(new UncheckedIOException(new IOException("Stale file handle")));

        assertThat(catalog.refresh()).isFalse();
        assertThat(catalog.refresh()).isTrue();

        assertThat(catalog.get().names()).contains("two");
    }

    @Test
    void readsAgainAfterAnError() throws Exception {
        CurrentCatalog catalog = catalog();
        write("two");
        failures.add(new StackOverflowError());

        assertThatThrownBy(catalog::refresh).isInstanceOf(StackOverflowError.class);
        assertThat(catalog.refresh()).isTrue();

        assertThat(catalog.get().names()).contains("two");
    }

    @Test
    void isValidAgainWhenADeletedDirectoryReturnsUnchanged() throws Exception {
        CurrentCatalog catalog = catalog();

        Files.move(directory, temporary.resolve("elsewhere"));
        assertThat(catalog.refresh()).isFalse();
        assertThat(catalog.problem()).isPresent();
        Files.move(temporary.resolve("elsewhere"), directory);
        assertThat(catalog.refresh()).isTrue();

        assertThat(catalog.problem()).isEmpty();
        assertThat(catalog.errors()).isEqualTo(1);
        assertThat(catalog.get().names()).contains("one");
    }

    @Test
    void staysInvalidWhenADeletedDirectoryReturnsWithItsMistake() throws Exception {
        CurrentCatalog catalog = catalog();
        Files.writeString(directory.resolve("two.yaml"), "kind: Nonsense");
        assertThat(catalog.refresh()).as("the directory was read").isTrue();
        Optional<String> mistake = catalog.problem();
        assertThat(mistake).isPresent();

        Files.move(directory, temporary.resolve("elsewhere"));
        catalog.refresh();
        assertThat(catalog.problem()).isPresent().isNotEqualTo(mistake);
        Files.move(temporary.resolve("elsewhere"), directory);
        catalog.refresh();

        assertThat(catalog.problem()).isEqualTo(mistake);
        Files.delete(directory.resolve("two.yaml"));
        catalog.refresh();
        assertThat(catalog.problem()).isEmpty();
    }

    @Test
    void keepsTheLastGoodCatalogWhileTheDirectoryIsInvalid() throws Exception {
        CurrentCatalog catalog = catalog();
        String generation = catalog.get().generation();
        write("two");
        Path invalid = Files.writeString(directory.resolve("three.yaml"), "kind: Nonsense");

        catalog.refresh();

        assertThat(catalog.get().generation()).isEqualTo(generation);
        assertThat(catalog.get().names()).contains("one").doesNotContain("two");
        assertThat(catalog.reloads()).isZero();
        Files.delete(invalid);
        catalog.refresh();
        assertThat(catalog.get().names()).contains("one", "two");
        assertThat(catalog.reloads()).isEqualTo(1);
    }

    @Test
    void endsAPolicyAtItsTime() throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), POLICY);
        CurrentCatalog catalog = catalog();

        now = Instant.parse("2030-01-30T22:59:59Z");
        catalog.endPolicies();
        assertThat(catalog.get().policies()).extracting(Policy::name).containsExactly("exception");
        assertThat(catalog.reloads()).isZero();

        now = Instant.parse("2030-01-30T23:00:00Z");
        Catalog before = catalog.get();
        catalog.endPolicies();
        assertThat(catalog.get().policies()).isEmpty();
        assertThat(catalog.get().generation()).isNotEqualTo(before.generation());
        assertThat(catalog.reloads()).isEqualTo(1);
        Catalog after = catalog.get();
        catalog.endPolicies();
        assertThat(catalog.get()).as("nothing is replaced twice").isSameAs(after);
    }

    @Test
    void changesAndEndsAreNotDelayedByADirectoryThatHangs() throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), POLICY);
        AtomicBoolean hangs = new AtomicBoolean();
        CountDownLatch isRead = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        CurrentCatalog catalog = new CurrentCatalog(
                Optional.of(directory),
                files -> {
                    if (hangs.get()) {
                        isRead.countDown();
                        await(answers);
                    }
                    return CatalogReader.read(files);
                },
                () -> now);
        write("two");
        hangs.set(true);
        Thread reading = Thread.ofVirtual().start(catalog::refresh);
        await(isRead);

        now = Instant.parse("2030-01-31T00:00:00Z");
        List<CatalogResource> resources = List.of(tail("busybox:1"));
        Thread others = Thread.ofVirtual().start(() -> {
            catalog.endPolicies();
            catalog.take(resources, HistoryRule.LEADING);
        });
        boolean ended = others.join(Duration.ofSeconds(10));
        answers.countDown();
        reading.join();

        assertThat(ended).isTrue();
        assertThat(catalog.get().policies()).isEmpty();
        assertThat(catalog.get().names()).contains("one", "two", "tail");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void doesNotUseAPolicyThatHadEndedBeforeTheStart() throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), POLICY);
        now = Instant.parse("2031-01-01T00:00:00Z");

        CurrentCatalog catalog = catalog();
        assertThat(catalog.get().policies()).isEmpty();

        Files.writeString(directory.resolve("policy.yaml"), POLICY.replace("2030", "2040"));
        catalog.refresh();
        assertThat(catalog.get().policies()).extracting(Policy::name).containsExactly("exception");
    }

    private CurrentCatalog catalog() throws Exception {
        return new CurrentCatalog(
                Optional.of(directory),
                files -> {
                    Throwable failure = failures.poll();
                    switch (failure) {
                        case null -> {
                            return CatalogReader.read(files);
                        }
                        case IOException e -> throw e;
                        case RuntimeException e -> throw e;
                        case Error e -> throw e;
                        default -> throw new AssertionError(failure);
                    }
                },
                () -> now);
    }

    private void write(String name) throws IOException {
        Files.writeString(directory.resolve(name + ".yaml"), PROFILE.formatted(name));
    }
}
