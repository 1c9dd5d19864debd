package dev.pillion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.serve.ServerLauncher;
import dev.pillion.cli.terminal.OutputWidth;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The exit code and the output of a command line. */
public record Run(int code, String out, String err) {

    public static Run of(String... arguments) {
        return withInput("", arguments);
    }

    /** @param input standard input */
    public static Run withInput(String input, String... arguments) {
        return withInput(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    public static Run withInput(byte[] input, String... arguments) {
        return with(
                options -> {
                    throw new AssertionError("no server is expected");
                },
                input,
                arguments);
    }

    public static Run launching(ServerLauncher launcher, String... arguments) {
        return with(launcher, new byte[0], arguments);
    }

    public static Run onTerminal(String... arguments) {
        return with(options -> 0, new byte[0], Ansi.ON, OutputWidth.DEFAULT, arguments);
    }

    /** @param input what the user types */
    public static Run onTerminalWithInput(String input, String... arguments) {
        return with(options -> 0, input.getBytes(StandardCharsets.UTF_8), Ansi.ON, OutputWidth.DEFAULT, arguments);
    }

    /** @param width the width of a line, in characters */
    public static Run ofWidth(int width, String... arguments) {
        return with(options -> 0, new byte[0], Ansi.OFF, width, arguments);
    }

    private static Run with(ServerLauncher launcher, byte[] input, String... arguments) {
        return with(launcher, input, Ansi.OFF, OutputWidth.DEFAULT, arguments);
    }

    private static Run with(ServerLauncher launcher, byte[] input, Ansi ansi, int width, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine pillion = Pillion.commandLine(launcher, new ByteArrayInputStream(input), arguments);
        pillion.setColorScheme(Help.defaultColorScheme(ansi));
        pillion.setUsageHelpWidth(width);
        pillion.setOut(new PrintWriter(out));
        pillion.setErr(new PrintWriter(err));
        int code = pillion.execute(arguments);
        return new Run(code, out.toString(), err.toString());
    }

    /** The documents on standard output. */
    public List<JsonNode> documents() throws YamlException {
        return YamlReader.read(out).stream().map(Document::tree).toList();
    }
}
