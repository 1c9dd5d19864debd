package dev.pillion.cli.option;

import dev.pillion.cli.terminal.Colors;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The help option, the output and its format, for every command. */
public final class StandardOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    public PrintWriter out() {
        return commandLine().getOut();
    }

    public PrintWriter err() {
        return commandLine().getErr();
    }

    /** Whether the output seems to be a terminal. */
    public boolean onTerminal() {
        return commandLine().getColorScheme().ansi().enabled();
    }

    public Colors colors() {
        return Colors.on(commandLine().getColorScheme().ansi());
    }

    /** The width of a line of output, in characters. */
    public int width() {
        return commandLine().getUsageHelpWidth();
    }

    public CommandLine commandLine() {
        return Objects.requireNonNull(command).commandLine();
    }
}
