package dev.pillion.cli.certs;

import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "certs",
        description = "Create, renew and show certificates of your own. Self-managed certificates do not need this.",
        subcommands = {CreateCommand.class, RenewCommand.class, ShowCommand.class, BundleCommand.class},
        footer = {
            "",
            "Examples:",
            "  pillion certs create --dns-name pillion.pillion.svc --out tls",
            "  pillion certs show tls/tls.crt --key tls/tls.key"
        })
public final class CertsCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Override
    public Integer call() {
        standard.commandLine().usage(standard.out());
        return ExitCode.OK;
    }
}
