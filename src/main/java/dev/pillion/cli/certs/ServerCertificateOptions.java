package dev.pillion.cli.certs;

import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.certificates.ServerName;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.terminal.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The names and the lifetime of a new server certificate, and the directory of its files. */
final class ServerCertificateOptions {

    private static final int LONGEST_DAYS = 36_500;

    @Option(
            names = "--dns-name",
            paramLabel = "NAME",
            split = ",",
            description = "A DNS name of the server. May be repeated. The API server uses SERVICE.NAMESPACE.svc.")
    private List<String> dnsNames = List.of("pillion.pillion.svc");

    @Option(
            names = "--ip",
            paramLabel = "ADDRESS",
            split = ",",
            description = "An IP address of the server. May be repeated.")
    private List<String> addresses = List.of();

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "The number of days that the certificate is valid (default: 90).")
    private int days = 90;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The directory to write to.")
    private Path directory = Path.of("");

    Path directory() {
        return directory;
    }

    CertificateFiles files() {
        return new CertificateFiles(directory);
    }

    ServerCertificate issue(CertificateAuthority authority, Instant now) throws UnusableInputException {
        return authority.issue(names(), lifetime(), now);
    }

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
        return lifetime("--days", days);
    }

    /** @param option the option that has the number of days */
    static Duration lifetime(String option, int days) throws UnusableInputException {
        if (days < 1 || days > LONGEST_DAYS) {
            throw new UnusableInputException(
                    option + " must be a number of days from 1 to " + LONGEST_DAYS + ", is " + days);
        }
        return Duration.ofDays(days);
    }
}
