package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pillion.cli.serve.ServerLauncher;
import dev.pillion.cli.terminal.OutputWidth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class PillionTest {

    static Stream<String> commands() {
        return commands(Pillion.commandLine(options -> 0, InputStream.nullInputStream()));
    }

    private static Stream<String> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command.getCommandSpec().qualifiedName()),
                command.getSubcommands().values().stream().flatMap(PillionTest::commands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void showsAnExampleInItsHelp(String command) {
        Run run = Run.of(helpOf(command));

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: " + command).containsPattern("Examples?:\n(.*\n)*?.*pillion ");
        assertThat(run.out().lines()).hasSizeLessThan(50).allMatch(line -> line.length() <= 100);
    }

    /** Options, URLs and annotations stay whole: the words are the same at each width. */
    @ParameterizedTest
    @MethodSource("commands")
    void wrapsItsHelpBetweenWords(String command) {
        String[] arguments = helpOf(command);
        List<String> words = words(Run.ofWidth(2000, arguments));

        for (int width : List.of(80, OutputWidth.DEFAULT, 120)) {
            Run run = Run.ofWidth(width, arguments);
            assertThat(words(run)).isEqualTo(words);
            assertThat(run.out().lines()).allMatch(line -> line.length() <= width && !line.endsWith(" "));
        }
    }

    private static String[] helpOf(String command) {
        return Stream.of((command + " --help").split(" ")).skip(1).toArray(String[]::new);
    }

    /** The backslash continues an example in the next line. */
    private static List<String> words(Run help) {
        return Stream.of(help.out().replace(" \\\n", " ").strip().split("\\s+")).toList();
    }

    @Test
    void fillsTheLinesOfItsHelp() {
        assertThat(Run.ofWidth(80, "explain", "--help").out())
                .contains("""
                      --kubernetes-version=VERSION
                                              Kubernetes version of the cluster, such as 1.34
                                              (default: the newest). Native sidecars need 1.29.
                """.indent(2).replaceAll("(?m)^    ", "  "));
        assertThat(Run.ofWidth(80, "export", "--help").out()).contains("""
                Example:
                  pillion export --to mutating-admission-policy --profiles platform \\
                      payments-must-log | kubectl apply -f -
                """);
    }

    @Test
    void showsTheHelpOfACommand() {
        assertThat(Run.of("help")).isEqualTo(Run.of("--help"));
        assertThat(Run.of("help", "explain")).isEqualTo(Run.of("explain", "--help"));
        assertThat(Run.of("help", "certs", "create")).isEqualTo(Run.of("certs", "create", "--help"));
        assertThat(Run.of("help", "explan").err()).isEqualTo("there is no command 'explan'; did you mean 'explain'?\n");
        assertThat(Run.of("help", "inject", "logging"))
                .isEqualTo(new Run(2, "", "pillion inject has no command 'logging'\n"));
    }

    @Test
    void showsItsHelpWithoutArguments() {
        assertThat(Run.of()).isEqualTo(Run.of("--help"));
    }

    @Test
    void printsItsVersion() {
        assertThat(Run.of("--version").out()).matches("pillion [0-9]+\\.[0-9]+\\.[0-9]+.*\\R");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            injct            | pillion          | there is no command 'injct'; did you mean 'inject'?
            profiles shw     | pillion profiles | there is no command 'shw'; did you mean 'show'?
            inject --injct=a | pillion inject   | there is no option '--injct'; did you mean '--inject'?
            serve --prot 1   | pillion serve    | there is no option '--prot'; did you mean '--port'?
            completion zsh   | pillion completion | 'zsh' is an unexpected argument
            inject -o yml    | pillion inject   | Invalid value for option '--output': must be one of yaml, json, patch, is 'yml'; did you mean 'yaml'?
            check            | pillion check    | Missing required parameter: 'DIR'
            """)
    void suggestsTheNearestCommandOrOption(String arguments, String command, String message) {
        Run run = Run.of(arguments.split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo(command + ": " + message + "\nSee `" + command + " --help`.\n");
    }

    @Test
    void reportsAnInternalErrorOnOneLineAndItsStackTraceOnRequest() {
        ServerLauncher broken = options -> {
            throw new IllegalStateException("broken\nin two");
        };

        Run run = Run.launching(broken, "serve");
        Run debugged = Run.launching(broken, "serve", "--debug");

        assertThat(run.code()).isEqualTo(70);
        assertThat(run.err())
                .isEqualTo("pillion: internal error: java.lang.IllegalStateException: broken in two; "
                        + "--debug prints the stack trace\n");
        assertThat(debugged.code()).isEqualTo(70);
        assertThat(debugged.err()).contains("\tat dev.pillion.cli.");
    }

    @Test
    void completesInBash(@TempDir Path directory) throws Exception {
        assumeThat(Path.of("/bin/bash")).exists();
        Run run = Run.of("completion");
        Path script = Files.writeString(directory.resolve("completion.bash"), run.out());

        assertThat(run.code()).isZero();
        assertThat(bash("bash", "-n", script.toString())).isEmpty();
        assertThat(bash(
                        "bash",
                        "-c",
                        "source " + script
                                + "; COMP_WORDS=(pillion pro); COMP_CWORD=1; _complete_pillion; echo ${COMPREPLY[@]}"))
                .isEqualTo("profiles\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ex                      | explain,export,:4
            explain --kubec         | --kubeconfig,:4
            explain -o _            | json,text,:4
            completi                | completion,:4
            explain examples/       | :0
            nothing --like          | :0
            """)
    void completesForKubectl(String words, String completions) {
        List<String> arguments = new ArrayList<>(List.of("complete-words", "--"));
        arguments.addAll(List.of(words.replace("_", "").split(" ", -1)));

        Run run = Run.of(arguments.toArray(String[]::new));

        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).containsExactly(completions.split(","));
    }

    private static String bash(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
