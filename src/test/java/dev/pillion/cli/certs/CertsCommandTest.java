package dev.pillion.cli.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.Pem;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertsCommandTest {

    @TempDir
    private Path directory;

    @Test
    void createsAnAuthorityAndACertificate() throws Exception {
        Run run = Run.of(
                "certs",
                "create",
                "--dns-name=pillion.pillion.svc,pillion.example.com",
                "--ip=10.0.0.1",
                "--days=30",
                "--out=" + directory.resolve("tls"));

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .matches(
                        "Created CN=pillion-ca-[0-9a-f]{8} and a certificate for pillion.pillion.svc, pillion.example.com,"
                                + " 10.0.0.1 in .*/tls. Keep .*/tls/ca.key out of the cluster; `pillion certs renew` needs it.\n");
        ServerCertificate issued = servedCertificate();
        assertThat(issued.isFor(List.of("pillion.pillion.svc", "pillion.example.com", "10.0.0.1")))
                .isTrue();
        assertThat(issued.isSignedBy(authority().certificate())).isTrue();
        assertThat(issued.notAfter())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(30)).minusSeconds(60),
                        Instant.now().plus(Duration.ofDays(30)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("tls.key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("ca.key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("tls.crt"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void overwritesNothing() throws Exception {
        create();
        String before = Files.readString(file("ca.key"));
        Files.delete(file("ca.crt"));

        Run run = Run.of("certs", "create", "--out=" + directory.resolve("tls"));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(file("ca.key") + " exists already and is not overwritten; choose another --out, or use"
                        + " `pillion certs renew` for a new certificate of the same authority\n");
        assertThat(file("ca.key")).hasContent(before);
        assertThat(file("ca.crt")).doesNotExist();
    }

    @Test
    void renewsACertificateWithTheSameAuthority() throws Exception {
        create();
        ServerCertificate before = servedCertificate();

        Run run = Run.of(
                "certs",
                "renew",
                "--ca=" + file("ca.crt"),
                "--ca-key=" + file("ca.key"),
                "--days=10",
                "--out=" + directory.resolve("tls"));

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Created a certificate for pillion.pillion.svc, valid until ");
        assertThat(servedCertificate()).isNotEqualTo(before);
        assertThat(servedCertificate().isSignedBy(authority().certificate())).isTrue();
        try (var files = Files.list(directory.resolve("tls"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ca.crt", "ca.key", "tls.crt", "tls.key");
        }
    }

    @Test
    void doesNotRenewWithAnAuthorityThatExpiresEarlier() throws Exception {
        create();

        Run run = Run.of(
                "certs",
                "renew",
                "--ca=" + file("ca.crt"),
                "--ca-key=" + file("ca.key"),
                "--days=3650",
                "--out=" + directory.resolve("tls"));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(file("ca.crt") + ": the authority is valid until ")
                .endsWith(", which is before the end of a certificate of 3650 days; create a new authority with"
                        + " `pillion certs create`, and trust both for a while (certs/README.md)\n");
    }

    @Test
    void doesNotRenewWithAnotherCertificateThanAnAuthority() throws Exception {
        create();

        Run run = Run.of(
                "certs", "renew", "--ca=" + file("tls.crt"), "--ca-key=" + file("tls.key"), "--out=" + directory);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        file("tls.crt") + ", " + file("tls.key")
                                + ": the certificate is not the certificate of an authority: it may not sign other certificates\n");
    }

    @Test
    void showsIssuerNamesAndValidity() throws Exception {
        create();

        Run run = Run.of(
                "certs", "show", file("tls.crt").toString(), "--key=" + file("tls.key"), "--ca=" + file("ca.crt"));

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .matches("(?s)" + file("tls.crt") + "\n"
                        + "  subject +CN=pillion\n"
                        + "  issuer +CN=pillion-ca-[0-9a-f]{8}\n"
                        + "  for +pillion.pillion.svc\n"
                        + "  valid from +20.*Z\n"
                        + "  valid until +20.*Z\n"
                        + "  today +valid, 89 days left\n"
                        + file("tls.key") + " is its key\n"
                        + file("ca.crt") + " signed it\n");
        assertThat(Run.of("certs", "show", file("ca.crt").toString()).out())
                .containsPattern("for +signing other certificates");
    }

    @Test
    void failsForACertificateThatIsNotValidToday() throws Exception {
        Instant lastYear = Instant.now().minus(Duration.ofDays(365));
        CertificateAuthority authority = CertificateAuthority.create(Duration.ofDays(400), lastYear);
        Path ended = pem("ended.crt", authority.issue(List.of("a"), Duration.ofDays(90), lastYear));
        Path early = pem(
                "early.crt",
                CertificateAuthority.create(Duration.ofDays(900), lastYear)
                        .issue(List.of("a"), Duration.ofDays(90), Instant.now().plus(Duration.ofDays(1))));

        Run run = Run.of("certs", "show", ended.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).containsPattern("today +expired");
        assertThat(Run.of("certs", "show", early.toString()).code()).isEqualTo(1);
        assertThat(Run.of("certs", "show", early.toString()).out()).containsPattern("today +not valid yet");
    }

    @Test
    void failsForAKeyOrAnAuthorityOfAnotherCertificate() throws Exception {
        create();

        Run key = Run.of("certs", "show", file("tls.crt").toString(), "--key=" + file("ca.key"));
        Run authority = Run.of("certs", "show", file("tls.crt").toString(), "--ca=" + file("tls.crt"));

        assertThat(key.code()).isEqualTo(1);
        assertThat(key.out()).endsWith(file("ca.key") + ": the private key does not belong to the certificate\n");
        assertThat(authority.code()).isEqualTo(1);
        assertThat(authority.out()).endsWith(file("tls.crt") + " did not sign it\n");
    }

    @Test
    void reportsACertificateThatExpiresSoon() throws Exception {
        Instant issued = Instant.now().minus(Duration.ofDays(70));
        Path file = pem(
                "due.crt",
                CertificateAuthority.create(Duration.ofDays(400), issued)
                        .issue(List.of("a"), Duration.ofDays(90), issued));

        Run run = Run.of("certs", "show", file.toString());

        assertThat(run.code()).isZero();
        assertThat(run.out()).containsPattern("today +valid, 19 days left; renew it now");
    }

    @Test
    void printsABundleOfSeveralAuthorities() throws Exception {
        create();
        Path other = Files.writeString(
                directory.resolve("other.crt"),
                CertificateAuthority.create(Duration.ofDays(1), Instant.now()).certificatePem());

        Run run = Run.of("certs", "bundle", file("ca.crt").toString(), other.toString());

        assertThat(run.code()).isZero();
        String bundle = new String(Base64.getDecoder().decode(run.out().strip()), StandardCharsets.UTF_8);
        assertThat(bundle).isEqualTo(Files.readString(file("ca.crt")) + Files.readString(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            create --out=x --dns-name=no_name        | --dns-name must be a DNS name such as pillion.pillion.svc, is 'no_name'
            create --out=x --ip=1.2.3                | --ip must be an IP address such as 10.0.0.1, is '1.2.3'
            create --out=x --days=0                  | --days must be a number of days from 1 to 36500, is 0
            create --out=x --days=90 --ca-days=30    | --ca-days must not be less than --days: an authority must be valid as long as the certificates that it signs
            create --out=pom.xml                     | pom.xml/ca.crt: cannot be written: pom.xml
            show nowhere.crt                         | nowhere.crt: no such file
            show pom.xml                             | pom.xml: the certificate's file contains no PEM block BEGIN CERTIFICATE
            bundle src                               | src: cannot be read: Is a directory
            """)
    void reportsInvalidArguments(String arguments, String message) {
        Run run = Run.of(("certs " + arguments).split(" "));

        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.code()).isEqualTo(2);
    }

    /** The script is for machines without Java. Pillion can serve the certificate that it creates. */
    @Test
    void theScriptCreatesTheSameFiles() throws Exception {
        assumeThat(onPath("openssl")).as("certs/make needs openssl").isTrue();
        Path out = directory.resolve("tls");

        assertThat(script(out.toString(), "pillion.pillion.svc", "pillion.example.com", "10.0.0.1"))
                .startsWith("0 ");

        ServerCertificate issued = servedCertificate();
        assertThat(issued.isFor(List.of("pillion.pillion.svc", "pillion.example.com", "10.0.0.1")))
                .isTrue();
        assertThat(issued.isSignedBy(authority().certificate())).isTrue();
        assertThat(issued.chain().getFirst().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("tls.key"))))
                .isEqualTo("rw-------");
        Run shown = Run.of("certs", "show", file("tls.crt").toString(), "--key=" + file("tls.key"));
        assertThat(shown.code()).isZero();

        byte[] authority = Files.readAllBytes(file("ca.crt"));
        assertThat(script(out.toString(), "pillion.pillion.svc")).startsWith("0 ");
        assertThat(file("ca.crt"))
                .as("a second run renews with the same authority")
                .hasBinaryContent(authority);
        assertThat(servedCertificate()).isNotEqualTo(issued);
        assertThat(servedCertificate().isSignedBy(authority().certificate())).isTrue();
        assertThat(servedCertificate().isFor(List.of("pillion.pillion.svc"))).isTrue();

        assertThat(script()).startsWith("2 usage: certs/make DIR NAME");
    }

    private static boolean onPath(String command) {
        return java.util.stream.Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, command)));
    }

    /** The exit code and the output. */
    private static String script(String... arguments) throws Exception {
        List<String> line = new java.util.ArrayList<>(List.of("certs/make"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + printed;
    }

    private void create() {
        assertThat(Run.of("certs", "create", "--ca-days=365", "--out=" + directory.resolve("tls"))
                        .code())
                .isZero();
    }

    private Path file(String name) {
        return directory.resolve("tls").resolve(name);
    }

    private ServerCertificate servedCertificate() throws Exception {
        return ServerCertificate.parse(Files.readString(file("tls.crt")), Files.readString(file("tls.key")));
    }

    private CertificateAuthority authority() throws Exception {
        return CertificateAuthority.parse(Files.readString(file("ca.crt")), Files.readString(file("ca.key")));
    }

    private Path pem(String name, ServerCertificate certificate) throws IOException {
        return Files.writeString(directory.resolve(name), Pem.of(certificate.chain()));
    }
}
