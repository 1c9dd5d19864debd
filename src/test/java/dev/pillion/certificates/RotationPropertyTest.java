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

    /** The longest absence of a leader without a late renewal: a little less than a third of a certificate's lifetime. */
    private static final Duration LONGEST_OUTAGE = Duration.ofDays(25);

    /** The seeds are the same in every build. {@code -Dseed=…} is the first of others, and {@code -Dseeds=…} their number. */
    static LongStream seeds() {
        long first = Long.getLong("seed", 1);
        return LongStream.range(first, first + Long.getLong("seeds", 5));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyServedCertificateIsTrustedAtAllTimes(long seed) {
        World world = new World(new Random(seed), TERMS);
        while (world.now.isBefore(START.plus(YEARS))) {
            world.advance();
            assertThat(world.distrusted()).as("seed %d, %s", seed, world.now).isEmpty();
        }
        assertThat(world.createdAuthorities).as("seed %d: authorities", seed).isGreaterThan(6);
        assertThat(world.served.size()).as("seed %d: certificates", seed).isGreaterThan(20);
        assertThat(world.mostTrusted).as("seed %d: authorities at a time", seed).isBetween(2, 30);
    }

    /** Checks the test itself: it must detect a rotation without the overlap. */
    @Test
    void detectsAnAuthorityThatSignsAtOnce() {
        boolean detected = IntStream.range(0, 3).anyMatch(seed -> {
            World world = new World(
                    new Random(seed),
                    new Terms(TERMS.authority(), TERMS.certificate(), Duration.ofSeconds(1), TERMS.names()));
            return world.reachesDistrust(START.plus(YEARS));
        });

        assertThat(detected).isTrue();
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
        private Instant leaderReturns = START;
        private Instant webhooksReturn = START;
        private Instant busyUntil = START;
        private int createdAuthorities;
        private int mostTrusted;

        World(Random random, Terms terms) {
            this.random = random;
            this.rotation = new Rotation(terms);
            reconcile(Integer.MAX_VALUE);
        }

        @Override
        Instant now() {
            return now;
        }

        /** Small steps after an event, otherwise large ones. */
        @Override
        void advance() {
            now = now.plus(
                    now.isBefore(busyUntil)
                            ? Duration.ofSeconds(1 + random.nextInt(600))
                            : Duration.ofSeconds(60 + random.nextInt(12 * 3600)));
            randomEvent();
            if (!now.isBefore(leaderReturns)) {
                reconcile(random.nextInt(4) == 0 ? random.nextInt(3) : Integer.MAX_VALUE);
            }
        }

        private void randomEvent() {
            int choice = random.nextInt(400);
            busyUntil = choice < 5 ? now.plus(Duration.ofHours(4)) : busyUntil;
            switch (choice) {
                // Not again until the leader has been available for a while: two outages in a row would be a longer
                // one.
                case 0 ->
                    leaderReturns = now.isBefore(leaderReturns.plus(Duration.ofDays(5)))
                            ? leaderReturns
                            : now.plus(upTo(LONGEST_OUTAGE));
                case 1 -> webhooksReturn = now.plus(upTo(Duration.ofDays(10)));
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

        /** @param most the number of steps before the leader stops */
        private void reconcile(int most) {
            Publication publication = Publication.UNKNOWN;
            List<X509Certificate> published = now.isBefore(webhooksReturn) || bundles.isEmpty()
                    ? List.of()
                    : bundles.lastEntry().getValue();
            for (int step = 0; step < most; step++) {
                switch (rotation.next(new Held(authorities, issued, publication, observed(published)), now)) {
                    case Step.Rest() -> {
                        return;
                    }
                    case Step.Publish(String bundle) -> publication = publish();
                    case Step.KeepAuthorities(Authorities kept, String reason) -> {
                        createdAuthorities += reason.contains(" is created") ? 1 : 0;
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
            // The leader has stopped, and the next leader does not have its state.
            lastIssuedByLeader = Optional.empty();
        }

        /** Like every replica, the leader uses a new certificate with a delay of up to the overlap. It knows the certificates that it issued. */
        private Observed observed(List<X509Certificate> published) {
            Instant late = now.minusSeconds(random.nextLong(TERMS.overlap().toSeconds()));
            return new Observed(
                    lastIssuedByLeader.or(
                            () -> Optional.ofNullable(history.floorEntry(late)).map(Map.Entry::getValue)),
                    published,
                    !history.isEmpty() && !now.isBefore(history.lastKey().plus(TERMS.overlap())));
        }

        private Publication publish() {
            if (now.isBefore(webhooksReturn)) {
                return Publication.FAILED;
            }
            List<X509Certificate> trusted = authorities.trusted();
            mostTrusted = Math.max(mostTrusted, trusted.size());
            if (bundles.isEmpty() || !bundles.lastEntry().getValue().equals(trusted)) {
                bundles.put(now, trusted);
            }
            return Publication.DONE;
        }

        /** A certificate that is not trusted now, for any delays of a replica and an API server. */
        @Override
        Optional<String> distrusted() {
            for (ServerCertificate certificate : recent(served)) {
                for (List<X509Certificate> bundle : recent(bundles)) {
                    if (!certificate.validity().holdsAt(now)
                            || bundle.stream().noneMatch(authority -> isAccepted(authority, certificate))) {
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

        private <T> Collection<T> recent(NavigableMap<Instant, T> history) {
            Instant since = history.floorKey(now.minus(TERMS.overlap()));
            return history.tailMap(since == null ? history.firstKey() : since).values();
        }
    }
}
