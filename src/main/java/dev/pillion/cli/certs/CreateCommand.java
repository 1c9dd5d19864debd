package dev.pillion.cli.certs;

import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = "Create a certificate authority and a certificate for the webhook.",
        footer = {
            "",
            "Writes ca.crt, ca.key, tls.crt and tls.key. Existing files are not overwritten.",
            "",
            "Example:",
            "  pillion certs create --dns-name pillion.pillion.svc --out tls"
        })
final class CreateCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final ServerCertificateOptions certificate = new ServerCertificateOptions();

    @Option(
            names = "--ca-days",
            paramLabel = "N",
            description = "The number of days that the authority is valid (default: 3650).")
    private int authorityDays = 3650;

    @Override
    public Integer call() throws UnusableInputException {
        Instant now = InstantSource.system().instant();
        CertificateAuthority authority = CertificateAuthority.create(authorityLifetime(), now);
        ServerCertificate issued = certificate.issue(authority, now);
        CertificateFiles files = certificate.files();
        files.checkAbsent(
                CertificateFiles.AUTHORITY,
                CertificateFiles.AUTHORITY_KEY,
                CertificateFiles.CERTIFICATE,
                CertificateFiles.KEY);
        files.write(CertificateFiles.AUTHORITY, authority.certificatePem());
        files.writeSecret(CertificateFiles.AUTHORITY_KEY, authority.keyPem());
        files.write(issued);
        standard.out()
                .println("Created " + authority.name() + " and a certificate for "
                        + String.join(", ", certificate.names()) + " in " + certificate.directory() + ". Keep "
                        + certificate.directory().resolve(CertificateFiles.AUTHORITY_KEY)
                        + " out of the cluster; `pillion certs renew` needs it.");
        return ExitCode.OK;
    }

    private Duration authorityLifetime() throws UnusableInputException {
        Duration lifetime = ServerCertificateOptions.lifetime("--ca-days", authorityDays);
        if (lifetime.compareTo(certificate.lifetime()) < 0) {
            throw new UnusableInputException("--ca-days must not be less than --days: an authority must be valid"
                    + " as long as the certificates that it signs");
        }
        return lifetime;
    }
}
