package dev.pillion.cli;

import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Completes the last word of a command line, in the protocol by which kubectl asks a plugin: it runs {@code kubectl_complete-NAME} with the words,
 * and reads one candidate from each line and cobra's directive from the last.
 */
@Command(
        name = CompleteWordsCommand.NAME,
        hidden = true,
        description = "Print the completions of the last word, as kubectl asks for them.",
        footer = {"", "Example:", "  pillion complete-words -- explain --kube"})
final class CompleteWordsCommand implements Callable<Integer> {

    static final String NAME = "complete-words";

    /** Cobra's ShellCompDirectiveDefault: the shell completes files. */
    private static final String FILES = ":0";

    /** Cobra's ShellCompDirectiveNoFileComp. */
    private static final String NO_FILES = ":4";

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Parameters(paramLabel = "WORD", arity = "0..*", description = "The words after the program.")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        List<String> completions = completions(standard.commandLine().getParent());
        completions.forEach(standard.out()::println);
        standard.out().println(completions.isEmpty() ? FILES : NO_FILES);
        return ExitCode.OK;
    }

    private List<String> completions(CommandLine pillion) {
        List<String> all = words.isEmpty() ? List.of("") : words;
        String last = all.getLast();
        List<CharSequence> rests = new ArrayList<>();
        AutoComplete.complete(
                pillion.getCommandSpec(),
                all.toArray(String[]::new),
                all.size() - 1,
                last.length(),
                last.length(),
                rests);
        return rests.stream()
                .map(rest -> last + rest)
                .filter(completion -> !completion.equals(NAME))
                .distinct()
                .sorted()
                .toList();
    }
}
