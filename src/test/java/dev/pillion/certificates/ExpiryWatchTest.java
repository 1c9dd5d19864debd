package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryWatchTest {

    private static final Instant MADE = Instant.parse("2026-05-01T12:00:00Z");

    private final ExpiryWatch watch = new ExpiryWatch();

    @Test
    void warnsTwoWeeksBeforeTheEndOnceADay() {
        ServerCertificate certificate = certificate(Duration.ofDays(90));

        List<Instant> warned = warnings(certificate, MADE.plus(Duration.ofDays(90)));

        assertThat(warned).hasSize(14);
        assertThat(warned.getFirst()).isEqualTo(MADE.plus(Duration.ofDays(76)));
    }

    @Test
    void warnsInTheLastQuarterOfAShortLifetime() {
        ServerCertificate certificate = certificate(Duration.ofDays(8));

        List<Instant> warned = warnings(certificate, MADE.plus(Duration.ofDays(8)));

        assertThat(warned).hasSize(3);
        assertThat(warned.getFirst())
                .isBetween(MADE.plus(Duration.ofDays(6)).minus(Duration.ofHours(1)), MADE.plus(Duration.ofDays(6)));
    }

    @Test
    void namesTheEndAndTheConsequence() {
        assertThat(watch.look(certificate(Duration.ofDays(90)), MADE.plus(Duration.ofDays(80))))
                .contains(
                        "the webhook's certificate expires in 10 days, at 2026-07-30T12:00:00Z, because it was not renewed; after this time, calls of the API server fail");
    }

    @Test
    void saysThatItHasEnded() {
        assertThat(watch.look(certificate(Duration.ofDays(90)), MADE.plus(Duration.ofDays(91))))
                .contains("the webhook's certificate expired at 2026-07-30T12:00:00Z; calls of the API server fail");
    }

    @Test
    void stopsAfterARenewalAndWarnsAboutTheNextCertificate() {
        ServerCertificate certificate = certificate(Duration.ofDays(90));
        assertThat(watch.look(certificate, MADE.plus(Duration.ofDays(80)))).isPresent();

        assertThat(watch.look(certificate, MADE)).isEmpty();

        assertThat(watch.look(certificate, MADE.plus(Duration.ofDays(80)))).isPresent();
    }

    @Test
    void doesNotWarnIfCertificatesAreRenewedAtTwoThirdsOfTheirLifetime() {
        Instant now = MADE;
        ServerCertificate certificate = certificate(Duration.ofDays(30));
        while (now.isBefore(certificate.validity().due().plus(Duration.ofHours(12)))) {
            assertThat(watch.look(certificate, now)).isEmpty();
            now = now.plus(Duration.ofHours(1));
        }
    }

    private List<Instant> warnings(ServerCertificate certificate, Instant end) {
        List<Instant> warned = new ArrayList<>();
        for (Instant now = MADE; now.isBefore(end); now = now.plus(Duration.ofMinutes(10))) {
            if (watch.look(certificate, now).isPresent()) {
                warned.add(now);
            }
        }
        return warned;
    }

    private static ServerCertificate certificate(Duration lifetime) {
        return CertificateAuthority.create(Duration.ofDays(1000), MADE).issue(List.of("pillion"), lifetime, MADE);
    }
}
