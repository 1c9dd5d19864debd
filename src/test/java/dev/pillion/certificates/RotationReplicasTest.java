package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.certificates.Rotation.Held;
import dev.pillion.certificates.Rotation.Observed;
import dev.pillion.certificates.Rotation.Publication;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Simulates replicas that read the Secret at different times, some of them hours late, and keep the served certificate in memory. Secrets are
 * deleted or restored from old backups, the bundle is wiped and the leader changes. After each check of the leader, the published bundle trusts
 * every replica.
 */
class RotationReplicasTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(120);
    private static final Terms TERMS =
            new Terms(Duration.ofDays(60), Duration.ofDays(20), Duration.ofHours(1), List.of("pillion.pillion.svc"));

    /** Restores several backups within hours, while replicas serve certificates that were issued in between. */
    private static final long RESTORED_TWICE = 16570929;

    /** More than the overlap, because the trusted authorities must not depend on the speed of replicas. */
    private static final Duration SLOWEST_READ = Duration.ofHours(3);

    /** The seeds are the same in every build. {@code -Dseed=…} is the first of others, and {@code -Dseeds=…} their number. */
    static LongStream seeds() {
        long first = Long.getLong("seed", 1);
        return LongStream.concat(
                LongStream.of(RESTORED_TWICE), LongStream.range(first, first + Long.getLong("seeds", 6)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyReplicaIsTrusted(long seed) {
        World world = new World(new Random(seed));
        while (world.now.isBefore(START.plus(SPAN))) {
            world.advance();
            assertThat(world.distrusted())
                    .as("seed %d, %s, after%n%s", seed, world.now, world.lastEvents())
                    .isEmpty();
        }
        assertThat(world.lostBoth).as("seed %d: both Secrets deleted", seed).isGreaterThan(10);
        assertThat(world.restored).as("seed %d: backups restored", seed).isGreaterThan(10);
        assertThat(world.replaced)
                .as("seed %d: lost authorities distrusted early", seed)
                .isGreaterThan(5);

        world.settle();

        assertThat(world.distrusted()).as("seed %d, at the end", seed).isEmpty();
        assertThat(world.authorities.awaitReplacement()).as("seed %d", seed).isFalse();
        X509Certificate signing = world.authorities.signing().orElseThrow().certificate();
        assertThat(world.replicas).allSatisfy(replica -> assertThat(
                        replica.served.orElseThrow().certificate().isSignedBy(signing))
                .as("seed %d", seed)
                .isTrue());
    }

    /** Checks the test itself: it must detect a leader that ignores served certificates. */
    @Test
    void detectsALeaderThatReadsOnlyTheSecrets() {
        boolean detected = IntStream.range(0, 3).anyMatch(seed -> {
            World world = new World(new Random(seed));
            world.ignoresServedCertificates = true;
            return world.reachesDistrust(START.plus(SPAN));
        });

        assertThat(detected).isTrue();
    }

    private static final class Replica {

        private Optional<IssuedCertificate> served = Optional.empty();
        private String lastTrusted = "";
        private Instant nextRead = START;
    }

    private record Backup(
            Authorities authorities, Optional<IssuedCertificate> issued, Map<Integer, String> reports, int question) {}

    private static final class World extends RotationWorld {

        private final Random random;
        private final Rotation rotation = new Rotation(TERMS);
        private final List<Replica> replicas = new ArrayList<>();
        private final List<Backup> backups = new ArrayList<>();
        private List<X509Certificate> bundle = List.of();
        private Authorities authorities = Authorities.NONE;
        private Optional<IssuedCertificate> issued = Optional.empty();
        private Map<Integer, String> reports = new HashMap<>();
        private int question;
        private int questionInSecret;
        private int questions;
        private List<X509Certificate> publishedByLeader = List.of();
        private Instant now = START;
        private int leader;
        private boolean wiped;
        private boolean ignoresServedCertificates;
        private final List<String> log = new ArrayList<>();
        private int lostBoth;
        private int restored;
        private int replaced;

        World(Random random) {
            this.random = random;
            IntStream.range(0, 3).forEach(each -> replicas.add(new Replica()));
            reconcile(Integer.MAX_VALUE);
        }

        @Override
        Instant now() {
            return now;
        }

        @Override
        void advance() {
            now = now.plusSeconds(random.nextInt(3) == 0 ? random.nextInt(3 * 3600) : 1 + random.nextInt(300));
            randomEvent();
            checkAll();
        }

        private void logEvent(String what) {
            log.add(now + " " + what);
        }

        /** The last events, for the message of a failure. */
        String lastEvents() {
            return String.join("\n", log.subList(Math.max(0, log.size() - 40), log.size()));
        }

        /** There are no more events, and all participants check regularly. */
        void settle() {
            for (int hour = 0; hour < 48; hour++) {
                now = now.plus(Duration.ofMinutes(30));
                replicas.forEach(replica -> replica.nextRead = now);
                checkAll();
            }
        }

        private void checkAll() {
            for (int each = 0; each < replicas.size(); each++) {
                Replica replica = replicas.get(each);
                if (!now.isBefore(replica.nextRead)) {
                    readSecret(each, replica);
                    replica.nextRead =
                            now.plusSeconds(random.nextBoolean() ? 5 : random.nextLong(SLOWEST_READ.toSeconds()));
                }
                if (each == leader && random.nextInt(5) > 0) {
                    reconcile(random.nextInt(4) == 0 ? random.nextInt(4) : Integer.MAX_VALUE);
                }
            }
        }

        private void randomEvent() {
            int event = random.nextInt(120);
            if (event < 15) {
                logEvent("event " + event);
            }
            switch (event) {
                case 0, 1 -> authorities = Authorities.NONE;
                case 2, 3 -> loseTheCertificate();
                case 4, 5 -> loseBoth();
                case 6 -> backups.add(new Backup(authorities, issued, Map.copyOf(reports), questionInSecret));
                case 7 ->
                    backup().ifPresent(it -> {
                        restored++;
                        authorities = it.authorities();
                    });
                case 8 ->
                    backup().ifPresent(it -> {
                        restored++;
                        issued = it.issued();
                        reports = new HashMap<>(it.reports());
                        questionInSecret = it.question();
                    });
                case 9 ->
                    backup().ifPresent(it -> {
                        restored++;
                        authorities = it.authorities();
                        issued = it.issued();
                        reports = new HashMap<>(it.reports());
                        questionInSecret = it.question();
                    });
                case 10, 11, 12 -> {
                    leader = random.nextInt(replicas.size());
                    question = -1;
                    publishedByLeader = List.of();
                }
                case 13 -> replicas.set(random.nextInt(replicas.size()), new Replica());
                case 14 -> {
                    // A new leader without Secrets and bundle cannot keep anything.
                    reconcile(Integer.MAX_VALUE);
                    wiped = true;
                    bundle = List.of();
                    if (random.nextBoolean()) {
                        loseBoth();
                    }
                    reconcile(Integer.MAX_VALUE);
                }
                default -> {}
            }
        }

        private void loseTheCertificate() {
            issued = Optional.empty();
            reports = new HashMap<>();
        }

        private void loseBoth() {
            lostBoth++;
            authorities = Authorities.NONE;
            loseTheCertificate();
        }

        private Optional<Backup> backup() {
            return backups.isEmpty() ? Optional.empty() : Optional.of(backups.get(random.nextInt(backups.size())));
        }

        /** The rules of SecretCertificate. */
        private void readSecret(int number, Replica replica) {
            if (issued.isEmpty() || !now.isBefore(issued.get().certificate().notAfter())) {
                return;
            }
            IssuedCertificate offered = issued.get();
            Optional<IssuedCertificate> good =
                    replica.served.filter(it -> now.isBefore(it.certificate().notAfter()));
            boolean trusted = bundle.stream().anyMatch(it -> isAccepted(it, offered.certificate()));
            String fingerprint = offered.certificate().fingerprint();
            boolean known = good.isPresent()
                    && offered.issuer()
                            .filter(it -> isAccepted(it, good.get().certificate()))
                            .isPresent();
            if (known || (trusted && (good.isEmpty() || replica.lastTrusted.equals(fingerprint)))) {
                if (!replica.served.equals(Optional.of(offered))) {
                    logEvent("replica " + number + " serves " + fingerprint.substring(0, 4) + " by "
                            + offered.certificate().chain().getFirst().getIssuerX500Principal());
                }
                replica.served = Optional.of(offered);
            }
            replica.lastTrusted = trusted ? fingerprint : "";
            replica.served.ifPresent(it -> reports.put(number, it.certificate().fingerprint()));
        }

        private void reconcile(int most) {
            Publication publication = Publication.UNKNOWN;
            List<X509Certificate> published = Stream.concat(bundle.stream(), publishedByLeader.stream())
                    .distinct()
                    .toList();
            for (int step = 0; step < most; step++) {
                switch (rotation.next(new Held(authorities, issued, publication, observed(published)), now)) {
                    case Step.Rest() -> {
                        return;
                    }
                    case Step.Publish(String text) -> {
                        if (!bundle.equals(authorities.trusted())) {
                            logEvent("leader " + leader + " publishes "
                                    + authorities.trusted().stream()
                                            .map(X509Certificate::getSubjectX500Principal)
                                            .toList());
                        }
                        bundle = authorities.trusted();
                        publishedByLeader = bundle;
                        wiped = false;
                        publication = Publication.DONE;
                    }
                    case Step.KeepAuthorities(Authorities kept, String reason) -> {
                        logEvent("leader " + leader + ": " + reason);
                        replaced += reason.startsWith("every replica") ? 1 : 0;
                        authorities = kept;
                        published = published.stream()
                                .filter(kept.trusted()::contains)
                                .toList();
                        publication = Publication.UNKNOWN;
                    }
                    case Step.KeepCertificate(IssuedCertificate kept, String reason) -> {
                        logEvent("leader " + leader + ": " + reason + ": "
                                + kept.certificate().fingerprint().substring(0, 4));
                        issued = Optional.of(kept);
                        reports = new HashMap<>();
                    }
                }
            }
        }

        /** The observations of SelfManagedCertificates. */
        private Observed observed(List<X509Certificate> published) {
            if (ignoresServedCertificates) {
                return Observed.NOTHING;
            }
            boolean all = authorities.awaitReplacement() && allServe();
            if (!authorities.awaitReplacement()) {
                question = -1;
            } else if (all && question != questionInSecret) {
                question = ++questions;
                questionInSecret = question;
                reports = new HashMap<>();
                all = false;
            }
            return new Observed(
                    replicas.get(leader).served,
                    published.stream().filter(CertificateAuthority::isOwn).toList(),
                    all);
        }

        private boolean allServe() {
            return issued.isPresent()
                    && IntStream.range(0, replicas.size())
                            .allMatch(each ->
                                    issued.get().certificate().fingerprint().equals(reports.get(each)));
        }

        @Override
        Optional<String> distrusted() {
            if (wiped) {
                return Optional.empty();
            }
            return replicas.stream()
                    .flatMap(replica -> replica.served.stream())
                    .map(IssuedCertificate::certificate)
                    .filter(it -> it.validity().holdsAt(now))
                    .filter(it -> bundle.stream().noneMatch(authority -> isAccepted(authority, it)))
                    .map(it -> it + " by " + it.chain().getFirst().getIssuerX500Principal())
                    .findFirst();
        }
    }
}
