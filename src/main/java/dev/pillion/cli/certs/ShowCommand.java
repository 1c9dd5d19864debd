package dev.pillion.cli.certs;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show the subject, the issuer, the names and the validity of certificates.",
        footer = {
            "",
            "The exit code is 1 if a certificate is not valid now, if --ca did not sign it, or if --key is not its key.",
            "",
            "Example:",
            "  pillion certs show tls/tls.crt --key tls/tls.key --ca tls/ca.crt"
        })
final class ShowCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Certificates (PEM).")
    private List<Path> files = List.of();

    @Option(names = "--key", paramLabel = "FILE", description = "Check that this is the key of the first certificate.")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Check that this authority signed the first certificate.")
    private Optional<Path> authority = Optional.empty();

    @Override
    public Integer call() throws UnusableInputException {
        CertificateReport report =
                new CertificateReport(standard, InstantSource.system().instant());
        for (Path file : files) {
            report.print(file);
        }
        if (key.isPresent()) {
            report.printKey(files.getFirst(), key.get());
        }
        if (authority.isPresent()) {
            report.printIssuer(files.getFirst(), authority.get());
        }
        return report.isGood() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
}
