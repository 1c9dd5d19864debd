package dev.pillion.cli.certs;

import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.Pem;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.certificates.ServerName;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "certs",
        description = "Make, renew and look at certificates of your own. Self-managed ones need none of this.",
        subcommands = {
            CertsCommand.Create.class,
            CertsCommand.Renew.class,
            CertsCommand.Show.class,
            CertsCommand.Bundle.class
        },
        footer = {
            "",
            "Examples:",
            "  pillion certs create --dns-name pillion.pillion.svc --out tls",
            "  pillion certs show tls/tls.crt --key tls/tls.key"
        })
public final class CertsCommand implements Callable<Integer> {

    private static final String AUTHORITY = "ca.crt";
    private static final String AUTHORITY_KEY = "ca.key";

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Override
    public Integer call() {
        standard.commandLine().usage(standard.out());
        return ExitCode.OK;
    }

    /** Whom a certificate is for, and how long. */
    static final class LeafOptions {

        @Option(
                names = "--dns-name",
                paramLabel = "NAME",
                split = ",",
                description =
                        "A name that the server is reached by; may be given again. The API server uses SERVICE.NAMESPACE.svc.")
        private List<String> dnsNames = List.of("pillion.pillion.svc");

        @Option(
                names = "--ip",
                paramLabel = "ADDRESS",
                split = ",",
                description = "An IP address that it is reached by; may be given again.")
        private List<String> addresses = List.of();

        @Option(
                names = "--days",
                paramLabel = "N",
                description = "Days that the certificate is good for (default: 90).")
        private int days = 90;

        List<String> names() throws UnusableInputException {
            for (String name : dnsNames) {
                if (!ServerName.isDnsName(name)) {
                    throw new UnusableInputException("--dns-name must be a DNS name such as pillion.pillion.svc, is '"
                            + Printable.oneLine(name) + "'");
                }
            }
            for (String address : addresses) {
                if (!ServerName.isAddress(address)) {
                    throw new UnusableInputException(
                            "--ip must be an IP address such as 10.0.0.1, is '" + Printable.oneLine(address) + "'");
                }
            }
            return Stream.concat(dnsNames.stream(), addresses.stream()).toList();
        }

        Duration lifetime() throws UnusableInputException {
            return days("--days", days);
        }
    }

    @Command(
            name = "create",
            description = "Make an authority, and a certificate for the webhook that it signs.",
            footer = {
                "",
                "Writes ca.crt, ca.key, tls.crt and tls.key, and overwrites none.",
                "",
                "Example:",
                "  pillion certs create --dns-name pillion.pillion.svc --out tls"
            })
    static final class Create implements Callable<Integer> {

        @Mixin
        private final StandardOptions standard = new StandardOptions();

        @Mixin
        private final LeafOptions leaf = new LeafOptions();

        @Option(
                names = "--ca-days",
                paramLabel = "N",
                description = "Days that the authority is good for (default: 3650).")
        private int authorityDays = 3650;

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the files are written.")
        private Path directory = Path.of("");

        @Override
        public Integer call() throws UnusableInputException {
            Instant now = InstantSource.system().instant();
            List<String> names = leaf.names();
            Duration lifetime = leaf.lifetime();
            Duration authorityLifetime = days("--ca-days", authorityDays);
            if (authorityLifetime.compareTo(lifetime) < 0) {
                throw new UnusableInputException("--ca-days must not be less than --days: an authority must be good"
                        + " for as long as what it signs");
            }
            CertificateAuthority authority = CertificateAuthority.create(authorityLifetime, now);
            ServerCertificate issued = authority.issue(names, lifetime, now);
            CertificateFiles files = new CertificateFiles(directory);
            files.mustNotHold(AUTHORITY, AUTHORITY_KEY, CertificateFiles.CERTIFICATE, CertificateFiles.KEY);
            files.write(AUTHORITY, authority.certificatePem());
            files.writeSecret(AUTHORITY_KEY, authority.keyPem());
            files.write(issued);
            standard.out()
                    .println("Made " + authority.name() + " and a certificate for " + String.join(", ", names) + " in "
                            + directory + ". Keep " + directory.resolve(AUTHORITY_KEY)
                            + " out of the cluster; `pillion certs renew` needs it.");
            return ExitCode.OK;
        }
    }

    @Command(
            name = "renew",
            description = "Make a new certificate by an authority that is there, so that caBundle need not change.",
            footer = {
                "",
                "Writes tls.crt and tls.key, in place of those that are there.",
                "",
                "Example:",
                "  pillion certs renew --ca tls/ca.crt --ca-key tls/ca.key --out tls"
            })
    static final class Renew implements Callable<Integer> {

        @Mixin
        private final StandardOptions standard = new StandardOptions();

        @Mixin
        private final LeafOptions leaf = new LeafOptions();

        @Option(names = "--ca", paramLabel = "FILE", required = true, description = "The authority's certificate, PEM.")
        private Path authority = Path.of("");

        @Option(names = "--ca-key", paramLabel = "FILE", required = true, description = "Its private key, PEM.")
        private Path authorityKey = Path.of("");

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the files are written.")
        private Path directory = Path.of("");

        @Override
        public Integer call() throws UnusableInputException {
            Instant now = InstantSource.system().instant();
            CertificateAuthority signing = read();
            Instant end = signing.validity().to();
            Duration lifetime = leaf.lifetime();
            if (!now.plus(lifetime).isBefore(end)) {
                throw new UnusableInputException(authority + ": the authority ends at " + end
                        + ", before a certificate of " + lifetime.toDays() + " days would; make another with"
                        + " `pillion certs create`, and let both be trusted for a while (certs/README.md)");
            }
            ServerCertificate issued = signing.issue(leaf.names(), lifetime, now);
            new CertificateFiles(directory).write(issued);
            standard.out()
                    .println("Made a certificate for " + String.join(", ", leaf.names()) + ", good until "
                            + issued.notAfter() + ", in " + directory + ".");
            return ExitCode.OK;
        }

        private CertificateAuthority read() throws UnusableInputException {
            try {
                return CertificateAuthority.parse(
                        CertificateFiles.read(authority), CertificateFiles.read(authorityKey));
            } catch (InvalidCertificateException e) {
                throw new UnusableInputException(authority + ", " + authorityKey + ": " + e.getMessage());
            }
        }
    }

    @Command(
            name = "show",
            description = "Show certificates: whose they are, for which names, and how long they are good.",
            footer = {
                "",
                "Exit code 1 when a certificate is not good today, is not by --ca, or --key is not its key.",
                "",
                "Example:",
                "  pillion certs show tls/tls.crt --key tls/tls.key --ca tls/ca.crt"
            })
    static final class Show implements Callable<Integer> {

        @Mixin
        private final StandardOptions standard = new StandardOptions();

        @Parameters(paramLabel = "FILE", arity = "1..*", description = "Certificates, PEM.")
        private List<Path> files = List.of();

        @Option(names = "--key", paramLabel = "FILE", description = "The private key that should fit the first one.")
        private Optional<Path> key = Optional.empty();

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "The authority that should have signed the first one.")
        private Optional<Path> authority = Optional.empty();

        @Override
        public Integer call() throws UnusableInputException {
            CertificateReport sheet = new CertificateReport(
                    standard.out(), standard.paint(), InstantSource.system().instant());
            for (Path file : files) {
                sheet.print(file);
            }
            if (key.isPresent()) {
                sheet.printFit(files.getFirst(), key.get());
            }
            if (authority.isPresent()) {
                sheet.printIssuer(files.getFirst(), authority.get());
            }
            return sheet.isGood() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }

    @Command(
            name = "bundle",
            description = "Print authorities as clientConfig.caBundle of a webhook has them.",
            footer = {
                "",
                "Examples:",
                "  pillion certs bundle tls/ca.crt",
                "  pillion certs bundle old/ca.crt new/ca.crt"
            })
    static final class Bundle implements Callable<Integer> {

        @Mixin
        private final StandardOptions standard = new StandardOptions();

        @Parameters(paramLabel = "FILE", arity = "1..*", description = "Authorities' certificates, PEM.")
        private List<Path> files = List.of();

        @Override
        public Integer call() throws UnusableInputException {
            StringBuilder bundle = new StringBuilder();
            for (Path file : files) {
                bundle.append(Pem.of(CertificateFiles.certificates(file)));
            }
            standard.out()
                    .println(
                            Base64.getEncoder().encodeToString(bundle.toString().getBytes(StandardCharsets.UTF_8)));
            return ExitCode.OK;
        }
    }

    private static Duration days(String option, int days) throws UnusableInputException {
        if (days < 1 || days > 36_500) {
            throw new UnusableInputException(option + " must be a number of days from 1 to 36500, is " + days);
        }
        return Duration.ofDays(days);
    }
}
