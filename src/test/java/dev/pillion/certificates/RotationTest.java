package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.certificates.Rotation.Held;
import dev.pillion.certificates.Rotation.Publication;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The steps of a rotation and their times. {@link RotationPropertyTest} checks all moments between them. */
class RotationTest {

    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
    private static final Terms TERMS = new Terms(
            Duration.ofDays(365),
            Duration.ofDays(90),
            Duration.ofHours(1),
            List.of("pillion.pillion.svc", "pillion.pillion.svc.cluster.local"));

    private final Rotation rotation = new Rotation(TERMS);
    private Authorities authorities = Authorities.NONE;
    private Optional<IssuedCertificate> issued = Optional.empty();
    private boolean webhooksAreReachable = true;
    private Publication publication = Publication.UNKNOWN;
    private Rotation.Observed observed = Rotation.Observed.NOTHING;
    private Instant now = START;

    @Test
    void createsAnAuthorityAndACertificateAtTheStart() {
        List<String> reasons = look();

        assertThat(reasons).hasSize(2);
        assertThat(reasons.get(0)).matches("CN=pillion-ca-[0-9a-f]{8} is created, because there is no authority");
        assertThat(reasons.get(1)).isEqualTo("a certificate is issued, because there is none");
        assertThat(served().isSignedBy(signing().certificate())).isTrue();
        assertThat(served().notAfter()).isEqualTo(START.plus(TERMS.certificate()));
        assertThat(served().isFor(TERMS.names())).isTrue();
    }

    @Test
    void hasNothingToDoUntilTwoThirdsOfTheCertificatesLife() {
        look();

        at(START.plus(Duration.ofDays(59)));
        assertThat(look()).isEmpty();

        at(START.plus(Duration.ofDays(61)));
        assertThat(look())
                .containsExactly(
                        "a certificate is issued, because the current one has passed two thirds of its lifetime");
        assertThat(served().notAfter()).isEqualTo(now.plus(TERMS.certificate()));
        assertThat(look()).isEmpty();
    }

    @Test
    void issuesACertificateForOtherNamesAtOnce() {
        look();

        Step step = new Rotation(new Terms(TERMS.authority(), TERMS.certificate(), TERMS.overlap(), List.of("other")))
                .next(held(), now);

        assertThat(step).isInstanceOfSatisfying(Step.KeepCertificate.class, kept -> {
            assertThat(kept.reason()).endsWith("because the current one is for other names");
            assertThat(kept.issued().certificate().names()).containsExactly("other");
        });
    }

    @Test
    void trustsANewAuthorityForTheOverlapBeforeItSigns() {
        look();
        CertificateAuthority first = signing();
        at(START.plus(Duration.ofDays(245)));

        look();
        assertThat(signing()).isEqualTo(first);
        assertThat(authorities.trusted()).hasSize(2).startsWith(first.certificate());
        CertificateAuthority second = authorities.next().orElseThrow().authority();

        at(now.plus(Duration.ofMinutes(59)));
        assertThat(look()).isEmpty();

        String bundle = authorities.bundle();
        ServerCertificate last = served();
        at(now.plus(Duration.ofMinutes(1)));
        assertThat(look())
                .containsExactly(
                        second.name() + " signs from now on",
                        "a certificate is issued, because an earlier authority signed the current one");
        assertThat(served().isSignedBy(second.certificate())).isTrue();
        assertThat(authorities.bundle()).isEqualTo(bundle);
        assertThat(authorities.retired()).singleElement().satisfies(retired -> {
            assertThat(retired.certificate()).isEqualTo(first.certificate());
            assertThat(retired.until()).isAfterOrEqualTo(last.notAfter());
        });

        at(authorities.retired().getFirst().until());
        assertThat(look()).contains("an authority has expired, or every certificate that it signed has expired");
        assertThat(authorities.trusted()).containsExactly(second.certificate());
    }

    @Test
    void countsTheOverlapFromTheTimeAtWhichAllWebhooksTrustTheAuthority() {
        look();
        CertificateAuthority first = signing();
        at(START.plus(Duration.ofDays(245)));
        webhooksAreReachable = false;

        look();
        at(now.plus(Duration.ofDays(10)));
        assertThat(look()).isEmpty();
        webhooksAreReachable = true;
        assertThat(look()).singleElement().asString().endsWith(" is trusted by all webhooks");
        at(now.plus(Duration.ofMinutes(59)));
        look();
        assertThat(signing()).isEqualTo(first);
        at(now.plus(Duration.ofMinutes(1)));
        look();

        assertThat(signing()).isNotEqualTo(first);
    }

    @Test
    void keepsTheLostAuthorityTrustedUntilItsSuccessorIs() {
        look();
        CertificateAuthority lost = signing();
        ServerCertificate inUse = served();

        authorities = Authorities.NONE;
        look();

        assertThat(served()).isEqualTo(inUse);
        assertThat(authorities.signing()).isEmpty();
        assertThat(authorities.trusted()).hasSize(2).contains(lost.certificate());

        at(now.plus(TERMS.overlap()));
        look();
        assertThat(served().isSignedBy(signing().certificate())).isTrue();
        assertThat(authorities.trusted()).hasSize(2).contains(lost.certificate());
    }

    @Test
    void usesAnAuthorityThatAUserStoredAsSuccessor() {
        look();
        CertificateAuthority before = signing();
        CertificateAuthority brought = CertificateAuthority.create(TERMS.authority(), now);

        authorities = Authorities.signing(brought);
        look();

        assertThat(authorities.next().orElseThrow().authority()).isEqualTo(brought);
        assertThat(authorities.trusted()).containsExactlyInAnyOrder(before.certificate(), brought.certificate());
        at(now.plus(TERMS.overlap()));
        look();
        assertThat(signing()).isEqualTo(brought);
        assertThat(served().isSignedBy(brought.certificate())).isTrue();
    }

    @Test
    void issuesALostCertificateAgainByTheSameAuthority() {
        look();
        CertificateAuthority authority = signing();

        issued = Optional.empty();

        assertThat(look()).containsExactly("a certificate is issued, because there is none");
        assertThat(served().isSignedBy(authority.certificate())).isTrue();
    }

    @Test
    void createsBothAgainIfBothAreLost() {
        look();
        CertificateAuthority lost = signing();

        authorities = Authorities.NONE;
        issued = Optional.empty();
        look();

        assertThat(signing()).isNotEqualTo(lost);
        assertThat(authorities.trusted()).containsExactly(signing().certificate());
        assertThat(served().isSignedBy(signing().certificate())).isTrue();
    }

    @Test
    void createsBothAgainIfAllHaveExpired() {
        look();
        CertificateAuthority ended = signing();

        at(START.plus(Duration.ofDays(700)));
        look();

        assertThat(signing()).isNotEqualTo(ended);
        assertThat(served().validity().holdsAt(now)).isTrue();
        assertThat(authorities.trusted()).containsExactly(signing().certificate());
    }

    @Test
    void doesNotWaitForASuccessorIfNoValidCertificateIsInUse() {
        look();
        authorities = Authorities.NONE;
        look();
        assertThat(authorities.signing()).isEmpty();

        at(served().notAfter());
        look();

        assertThat(served().isSignedBy(signing().certificate())).isTrue();
        assertThat(served().validity().holdsAt(now)).isTrue();
    }

    /** The overlap begins again each time, because the key of the successor is lost too. */
    @Test
    void renewsTheCertificateInTimeIfBothSecretsAreDeletedAgainAndAgain() {
        look();
        ServerCertificate inUse = served();
        at(inUse.notAfter().minus(TERMS.overlap().multipliedBy(2)));
        while (now.isBefore(inUse.notAfter().minus(TERMS.overlap().dividedBy(2)))) {
            observed = new Rotation.Observed(issued, authorities.trusted(), false);
            authorities = Authorities.NONE;
            issued = Optional.empty();
            look();
            at(now.plus(TERMS.overlap().dividedBy(4)));
            look();
        }

        assertThat(served().notAfter()).isAfter(inUse.notAfter());
        assertThat(authorities.trusted())
                .as("replicas can still serve the certificate that was in use")
                .anyMatch(inUse::isSignedBy);
    }

    @Test
    void waitsForTheWholeOverlapWhileAnAuthorityCanRenewTheCertificate() {
        look();
        at(served().notAfter().minus(TERMS.overlap().dividedBy(2)));
        authorities = authorities.followedBy(CertificateAuthority.create(TERMS.authority(), now));
        CertificateAuthority first = signing();

        look();
        at(now.plus(TERMS.overlap().dividedBy(4)));
        look();

        assertThat(signing()).isEqualTo(first);
    }

    @Test
    void finishesWhatAnEarlierLeaderBegan() {
        look();
        at(START.plus(Duration.ofDays(245)));
        look();
        at(now.plus(TERMS.overlap()));
        take(rotation.next(held(), now));
        assertThat(served().isSignedBy(signing().certificate()))
                .as("the leader went between its two steps")
                .isFalse();

        look();

        assertThat(served().isSignedBy(signing().certificate())).isTrue();
    }

    @Test
    void doesNotIssueCertificatesOfEverShorterLifetimesForAnAuthorityThatExpires() {
        look();
        webhooksAreReachable = false;
        int issuedSoFar = 0;
        while (now.isBefore(START.plus(Duration.ofDays(364)))) {
            at(now.plus(Duration.ofHours(12)));
            issuedSoFar += (int)
                    look().stream().filter(it -> it.startsWith("a certificate")).count();
        }

        assertThat(issuedSoFar).isLessThan(8);
    }

    @Test
    void keepsTheAuthorityOfALaterCertificateWhenAnOlderCertificateIsRestored() {
        look();
        Optional<IssuedCertificate> backup = issued;
        at(START.plus(Duration.ofDays(30)));
        authorities = Authorities.NONE;
        issued = Optional.empty();
        look();
        CertificateAuthority later = signing();
        at(backup.orElseThrow().certificate().notAfter().minus(Duration.ofHours(2)));
        authorities = authorities.followedBy(CertificateAuthority.create(TERMS.authority(), now));
        look();

        issued = backup;
        look();
        at(now.plus(Duration.ofHours(2)));
        look();

        assertThat(authorities.trusted())
                .as("replicas can still serve certificates that it signed")
                .contains(later.certificate());
    }

    @Test
    void keepsARetiredAuthorityUntilTheCertificateInUseEndsWhenTheAuthoritiesAreRestored() {
        look();
        CertificateAuthority first = signing();
        authorities = new Authorities(
                Optional.of(CertificateAuthority.create(TERMS.authority(), now)),
                Optional.empty(),
                List.of(new Authorities.Retired(first.certificate(), now.plusSeconds(1), false)));

        look();
        at(now.plusSeconds(2));
        look();

        assertThat(authorities.trusted()).contains(first.certificate());
    }

    private void at(Instant instant) {
        now = instant;
    }

    private Held held() {
        return new Held(authorities, issued, publication, observed);
    }

    private CertificateAuthority signing() {
        return authorities.signing().orElseThrow();
    }

    private ServerCertificate served() {
        return issued.orElseThrow().certificate();
    }

    /** Runs all steps and returns their reasons. */
    private List<String> look() {
        List<String> reasons = new ArrayList<>();
        publication = Publication.UNKNOWN;
        for (Step step = rotation.next(held(), now); !(step instanceof Step.Rest); step = rotation.next(held(), now)) {
            take(step).ifPresent(reasons::add);
            assertThat(reasons).as("the number of steps is limited").hasSizeLessThan(10);
        }
        return reasons;
    }

    private Optional<String> take(Step step) {
        return switch (step) {
            case Step.Rest() -> Optional.empty();
            case Step.Publish(String bundle) -> {
                assertThat(bundle).isEqualTo(authorities.bundle());
                publication = webhooksAreReachable ? Publication.DONE : Publication.FAILED;
                yield Optional.empty();
            }
            case Step.KeepAuthorities(Authorities kept, String reason) -> {
                authorities = kept;
                publication = Publication.UNKNOWN;
                yield Optional.of(reason);
            }
            case Step.KeepCertificate(IssuedCertificate kept, String reason) -> {
                issued = Optional.of(kept);
                yield Optional.of(reason);
            }
        };
    }
}
