package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.certificates.Rotation.Held;
import dev.pillion.certificates.Rotation.Observed;
import dev.pillion.certificates.Rotation.Publication;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Simulates years of rotation with leaders that stop between two steps or are absent for days, webhooks that cannot be patched, and lost
 * Secrets. At every moment, each certificate that a replica can serve is trusted by each bundle that an API server can have. Both receive changes
 * with a delay of up to the overlap.
 */
class RotationPropertyTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration YEARS = Duration.ofDays(5 * 365);
    private static final Terms TERMS =
            new Terms(Duration.ofDays(365), Duration.ofDays(90), Duration.ofHours(1), List.of("pillion.pillion.svc"));

    /** As long as a leader may be away, after each of these, and nothing comes too late: a third of a certificate's life, less some. */
    private static final Duration LONGEST_OUTAGE = Duration.ofDays(25);

    /** The same in every build. {@code -Dseed=…} tries others, as many as {@code -Dseeds=…} says. */
    static LongStream seeds() {
        long first = Long.getLong("seed", 1);
        return LongStream.range(first, first + Long.getLong("seeds", 5));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyServedCertificateIsTrustedAtAllTimes(long seed) {
        World world = new World(new Random(seed), TERMS);
        while (world.now.isBefore(START.plus(YEARS))) {
            world.goesOn();
            assertThat(world.distrusted()).as("seed %d, %s", seed, world.now).isEmpty();
        }
        assertThat(world.madeAuthorities).as("seed %d: authorities", seed).isGreaterThan(6);
        assertThat(world.served.size()).as("seed %d: certificates", seed).isGreaterThan(20);
        assertThat(world.mostTrusted).as("seed %d: authorities at a time", seed).isBetween(2, 30);
    }

    /** Checks the test itself: it must detect a rotation without the overlap. */
    @Test
    void detectsAnAuthorityThatSignsAtOnce() {
        boolean noticed = IntStream.range(0, 3).anyMatch(seed -> {
            World world = new World(
                    new Random(seed),
                    new Terms(TERMS.authority(), TERMS.certificate(), Duration.ofSeconds(1), TERMS.names()));
            return world.comesToDistrust(START.plus(YEARS));
        });

        assertThat(noticed).isTrue();
    }

    private static final class World extends RotationWorld {

        private final Random random;
        private final Rotation rotation;
        private final NavigableMap<Instant, ServerCertificate> served = new TreeMap<>();
        private final NavigableMap<Instant, List<X509Certificate>> bundles = new TreeMap<>();
        private Authorities authorities = Authorities.NONE;
        private final NavigableMap<Instant, IssuedCertificate> history = new TreeMap<>();
        private Optional<IssuedCertificate> issued = Optional.empty();
        private Optional<IssuedCertificate> lastIssuedByLeader = Optional.empty();
        private Instant now = START;
        private Instant leaderIsBack = START;
        private Instant webhooksAreBack = START;
        private Instant busyUntil = START;
        private int madeAuthorities;
        private int mostTrusted;

        World(Random random, Terms terms) {
            this.random = random;
            this.rotation = new Rotation(terms);
            look(Integer.MAX_VALUE);
        }

        @Override
        Instant now() {
            return now;
        }

        /** In small steps where something has just happened, else in large ones. */
        @Override
        void goesOn() {
            now = now.plus(
                    now.isBefore(busyUntil)
                            ? Duration.ofSeconds(1 + random.nextInt(600))
                            : Duration.ofSeconds(60 + random.nextInt(12 * 3600)));
            meetsWithMisfortune();
            if (!now.isBefore(leaderIsBack)) {
                look(random.nextInt(4) == 0 ? random.nextInt(3) : Integer.MAX_VALUE);
            }
        }

        private void meetsWithMisfortune() {
            int misfortune = random.nextInt(400);
            busyUntil = misfortune < 5 ? now.plus(Duration.ofHours(4)) : busyUntil;
            switch (misfortune) {
                // Not again before it has been back for a while: two outages in a row would be a longer one.
                case 0 ->
                    leaderIsBack = now.isBefore(leaderIsBack.plus(Duration.ofDays(5)))
                            ? leaderIsBack
                            : now.plus(upTo(LONGEST_OUTAGE));
                case 1 -> webhooksAreBack = now.plus(upTo(Duration.ofDays(10)));
                case 2 -> authorities = issued.isPresent() ? Authorities.NONE : authorities;
                case 3 -> issued = authorities.signing().isPresent() ? Optional.empty() : issued;
                case 4 -> {
                    authorities = Authorities.NONE;
                    issued = Optional.empty();
                }
                default -> {}
            }
        }

        private Duration upTo(Duration most) {
            return Duration.ofSeconds(random.nextLong(most.toSeconds()));
        }

        /** @param most steps that the leader takes before it goes */
        private void look(int most) {
            Publication publication = Publication.UNKNOWN;
            List<X509Certificate> published = now.isBefore(webhooksAreBack) || bundles.isEmpty()
                    ? List.of()
                    : bundles.lastEntry().getValue();
            for (int step = 0; step < most; step++) {
                switch (rotation.next(new Held(authorities, issued, publication, observed(published)), now)) {
                    case Step.Rest() -> {
                        return;
                    }
                    case Step.Publish(String bundle) -> publication = publish();
                    case Step.KeepAuthorities(Authorities kept, String reason) -> {
                        madeAuthorities += reason.contains(" is made, ") ? 1 : 0;
                        authorities = kept;
                        published = published.stream()
                                .filter(kept.trusted()::contains)
                                .toList();
                        publication = Publication.UNKNOWN;
                        busyUntil = now.plus(Duration.ofHours(4));
                    }
                    case Step.KeepCertificate(IssuedCertificate kept, String reason) -> {
                        issued = Optional.of(kept);
                        served.put(now, kept.certificate());
                        history.put(now, kept);
                        lastIssuedByLeader = Optional.of(kept);
                        busyUntil = now.plus(Duration.ofHours(4));
                    }
                }
            }
            // It has gone, and the next one knows nothing of it.
            lastIssuedByLeader = Optional.empty();
        }

        /** The leader takes a new certificate up to the overlap late, as every replica does. It knows what it issued itself. */
        private Observed observed(List<X509Certificate> published) {
            Instant late = now.minusSeconds(random.nextLong(TERMS.overlap().toSeconds()));
            return new Observed(
                    lastIssuedByLeader.or(
                            () -> Optional.ofNullable(history.floorEntry(late)).map(Map.Entry::getValue)),
                    published,
                    !history.isEmpty() && !now.isBefore(history.lastKey().plus(TERMS.overlap())));
        }

        private Publication publish() {
            if (now.isBefore(webhooksAreBack)) {
                return Publication.FAILED;
            }
            List<X509Certificate> trusted = authorities.trusted();
            mostTrusted = Math.max(mostTrusted, trusted.size());
            if (bundles.isEmpty() || !bundles.lastEntry().getValue().equals(trusted)) {
                bundles.put(now, trusted);
            }
            return Publication.DONE;
        }

        /** What is wrong at this moment, for any delays of a replica and an API server. */
        @Override
        Optional<String> distrusted() {
            for (ServerCertificate certificate : lately(served)) {
                for (List<X509Certificate> bundle : lately(bundles)) {
                    if (!certificate.validity().holdsAt(now)
                            || bundle.stream().noneMatch(authority -> vouches(authority, certificate))) {
                        return Optional.of(certificate + " by "
                                + certificate.chain().getFirst().getIssuerX500Principal() + " under "
                                + bundle.stream()
                                        .map(X509Certificate::getSubjectX500Principal)
                                        .toList());
                    }
                }
            }
            return Optional.empty();
        }

        private <T> Collection<T> lately(NavigableMap<Instant, T> history) {
            Instant since = history.floorKey(now.minus(TERMS.overlap()));
            return history.tailMap(since == null ? history.firstKey() : since).values();
        }
    }
}
