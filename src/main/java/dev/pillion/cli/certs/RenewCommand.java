package dev.pillion.cli.certs;

import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "renew",
        description =
                "Create a new certificate, signed by an existing authority. The webhook's caBundle stays the same.",
        footer = {
            "",
            "Replaces tls.crt and tls.key.",
            "",
            "Example:",
            "  pillion certs renew --ca tls/ca.crt --ca-key tls/ca.key --out tls"
        })
final class RenewCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final ServerCertificateOptions certificate = new ServerCertificateOptions();

    @Option(names = "--ca", paramLabel = "FILE", required = true, description = "The authority's certificate (PEM).")
    private Path authority = Path.of("");

    @Option(
            names = "--ca-key",
            paramLabel = "FILE",
            required = true,
            description = "The authority's private key (PEM).")
    private Path authorityKey = Path.of("");

    @Override
    public Integer call() throws UnusableInputException {
        Instant now = InstantSource.system().instant();
        CertificateAuthority signer = read();
        checkOutlives(signer.validity().to(), now);
        ServerCertificate issued = certificate.issue(signer, now);
        certificate.files().write(issued);
        standard.out()
                .println("Created a certificate for " + String.join(", ", certificate.names()) + ", valid until "
                        + issued.notAfter() + ", in " + certificate.directory() + ".");
        return ExitCode.OK;
    }

    private CertificateAuthority read() throws UnusableInputException {
        try {
            return CertificateAuthority.parse(CertificateFiles.read(authority), CertificateFiles.read(authorityKey));
        } catch (InvalidCertificateException e) {
            throw new UnusableInputException(authority + ", " + authorityKey + ": " + e.getMessage());
        }
    }

    private void checkOutlives(Instant end, Instant now) throws UnusableInputException {
        Duration lifetime = certificate.lifetime();
        if (!now.plus(lifetime).isBefore(end)) {
            throw new UnusableInputException(authority + ": the authority is valid until " + end
                    + ", which is before the end of a certificate of " + lifetime.toDays()
                    + " days; create a new authority with `pillion certs create`, and trust both for a while"
                    + " (certs/README.md)");
        }
    }
}
