package dev.pillion.cli;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.expression.Nearest;
import java.io.PrintWriter;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints a failure on one line. */
final class FailureMessages implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = failure instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched.getUnmatched().getFirst(), command)
                : Printable.oneLine(String.valueOf(failure.getMessage()));
        command.getErr().println(name + ": " + message + "\nSee `" + name + " --help`.");
        return ExitCode.UNUSABLE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof UnusableInputException) {
            err.println(failure.getMessage());
            return ExitCode.UNUSABLE;
        }
        Pillion pillion = (Pillion) command.getCommandSpec().root().userObject();
        if (pillion.isDebugging()) {
            failure.printStackTrace(err);
        } else {
            err.println("pillion: internal error: " + Printable.oneLine(failure.toString())
                    + "; --debug prints the stack trace");
        }
        return ExitCode.INTERNAL;
    }

    private static String unknown(String argument, CommandLine command) {
        if (argument.startsWith("-")) {
            String option = argument.replaceFirst("=.*", "");
            Collection<String> known = command.getCommandSpec().optionsMap().keySet();
            return "there is no option '" + option + "'"
                    + Nearest.to(option, known)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("");
        }
        Collection<String> commands = command.getSubcommands().keySet();
        return commands.isEmpty()
                ? "'" + argument + "' is an unexpected argument"
                : "there is no command '" + argument + "'" + Nearest.hint(argument, commands);
    }
}
