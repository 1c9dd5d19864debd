package dev.pillion.cli;

import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh.",
        footer = {"", "Example:", "  source <(pillion completion)"})
final class CompletionCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Override
    public Integer call() {
        CommandLine pillion = standard.commandLine().getParent();
        standard.out().print(AutoComplete.bash(pillion.getCommandName(), pillion));
        return ExitCode.OK;
    }
}
