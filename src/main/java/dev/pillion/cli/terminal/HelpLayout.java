package dev.pillion.cli.terminal;

import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.WordUtils;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lays out the help of a command. Lines break between words, never within an option, a URL or an annotation, as picocli's own layout does.
 */
public final class HelpLayout {

    private static final String INDENT = "  ";
    private static final String LONG_OPTION_INDENT = "    ";
    private static final int WIDEST_LABEL = 26;
    private static final int UNLIMITED = 10_000;

    private HelpLayout() {}

    public static void applyTo(CommandLine command) {
        Map<String, IHelpSectionRenderer> sections = new HashMap<>(command.getHelpSectionMap());
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpLayout::synopsis);
        sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, HelpLayout::description);
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, HelpLayout::parameters);
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpLayout::commands);
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpLayout::footer);
        command.setHelpSectionMap(sections);
        command.getSubcommands().values().forEach(HelpLayout::applyTo);
    }

    private static String synopsis(Help help) {
        CommandSpec spec = help.commandSpec();
        int width = spec.usageMessage().width();
        spec.usageMessage().width(UNLIMITED);
        String synopsis = new Help(spec, Help.defaultColorScheme(Ansi.OFF)).synopsis(0);
        spec.usageMessage().width(width);
        String name = spec.qualifiedName();
        int hanging = "Usage: ".length() + name.length() + 1;
        String rest = synopsis.strip().substring(name.length()).strip();
        return name + " " + wrapped(rest, width - hanging, " ".repeat(hanging)) + "\n";
    }

    private static String description(Help help) {
        StringBuilder text = new StringBuilder();
        for (String paragraph : help.commandSpec().usageMessage().description()) {
            text.append(wrapped(paragraph, help.commandSpec().usageMessage().width(), ""))
                    .append('\n');
        }
        return text.toString();
    }

    private static String parameters(Help help) {
        Table table = table(help);
        help.commandSpec()
                .positionalParameters()
                .forEach(parameter ->
                        table.row(argument(LONG_OPTION_INDENT + values(help, parameter)), text(parameter)));
        return printed(table, help);
    }

    private static String options(Help help) {
        Table table = table(help);
        help.commandSpec().options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .forEach(option -> table.row(argument(names(option) + values(help, option)), text(option)));
        return printed(table, help);
    }

    private static String commands(Help help) {
        Table table = table(help);
        help.subcommands()
                .forEach((name, command) -> table.row(
                        label(name),
                        Cell.of(command.commandSpec().usageMessage().description()[0])));
        return printed(table, help);
    }

    /** An indented line is a command to copy: the shell reads its lines as one. */
    private static String footer(Help help) {
        StringBuilder text = new StringBuilder();
        int width = help.commandSpec().usageMessage().width();
        for (String line : help.commandSpec().usageMessage().footer()) {
            if (line.startsWith(INDENT)) {
                text.append(INDENT)
                        .append(wrapped(line.strip(), width - 3 * INDENT.length(), " \\", 3 * INDENT.length()));
            } else {
                text.append(wrapped(line, width, ""));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String names(OptionSpec option) {
        List<String> names = Arrays.stream(option.names())
                .sorted(Comparator.comparingInt(String::length))
                .toList();
        return (names.getFirst().startsWith("--") ? LONG_OPTION_INDENT : "") + String.join(", ", names);
    }

    private static String values(Help help, ArgSpec argument) {
        return help.parameterLabelRenderer()
                .renderParameterLabel(argument, Ansi.OFF, List.of())
                .plainString();
    }

    /** Padded, so that the descriptions of parameters and options are aligned. */
    private static Cell argument(String text) {
        return label(text + " ".repeat(Math.max(0, WIDEST_LABEL - text.length())));
    }

    private static Cell label(String text) {
        return Cell.unwrapped(text, TextStyle.NAME);
    }

    private static Cell text(ArgSpec argument) {
        return Cell.of(String.join(" ", argument.description()));
    }

    private static Table table(Help help) {
        return new Table(INDENT, help.commandSpec().usageMessage().width(), WIDEST_LABEL);
    }

    private static String printed(Table table, Help help) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        table.print(out, Colors.on(help.ansi()));
        out.flush();
        return text.toString();
    }

    private static String wrapped(String text, int width, String indent) {
        return WordUtils.wrap(text, width, "\n" + indent, false);
    }

    private static String wrapped(String text, int width, String lineEnd, int indent) {
        return WordUtils.wrap(text, width - lineEnd.length(), lineEnd + "\n" + " ".repeat(indent), false);
    }
}
