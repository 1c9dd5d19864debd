package dev.pillion.cli;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.expression.Nearest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "help",
        description = "Show the help of a command. The option --help of the command shows the same.",
        footer = {"", "Examples:", "  pillion help explain", "  pillion help certs create"})
final class HelpCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "A command, followed by its subcommand if it has one. Without it, all commands are listed.")
    private List<String> names = List.of();

    @Override
    public Integer call() throws UnusableInputException {
        CommandLine command = standard.commandLine().getParent();
        for (String name : names) {
            command = below(command, name);
        }
        command.usage(standard.out());
        return ExitCode.OK;
    }

    private static CommandLine below(CommandLine command, String name) throws UnusableInputException {
        CommandLine found = command.getSubcommands().get(name);
        if (found == null) {
            String parent = command.getCommandSpec().qualifiedName();
            Set<String> known = command.getSubcommands().keySet();
            throw new UnusableInputException(
                    known.isEmpty()
                            ? parent + " has no command '" + name + "'"
                            : "there is no command '" + name + "'" + Nearest.hint(name, known));
        }
        return found;
    }
}
