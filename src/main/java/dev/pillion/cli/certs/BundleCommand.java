package dev.pillion.cli.certs;

import dev.pillion.certificates.Pem;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "bundle",
        description = "Print authorities in the form of a webhook's clientConfig.caBundle.",
        footer = {"", "Examples:", "  pillion certs bundle tls/ca.crt", "  pillion certs bundle old/ca.crt new/ca.crt"})
final class BundleCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The certificates of authorities (PEM).")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws UnusableInputException {
        StringBuilder bundle = new StringBuilder();
        for (Path file : files) {
            bundle.append(Pem.of(CertificateFiles.certificates(file)));
        }
        standard.out()
                .println(Base64.getEncoder().encodeToString(bundle.toString().getBytes(StandardCharsets.UTF_8)));
        return ExitCode.OK;
    }
}
