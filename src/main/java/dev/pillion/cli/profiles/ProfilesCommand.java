package dev.pillion.cli.profiles;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Profile;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import dev.pillion.expression.Nearest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "profiles",
        description = "List the profiles that Pods can request.",
        subcommands = ProfilesCommand.Show.class,
        footer = {"", "Examples:", "  pillion profiles", "  pillion profiles show logging"})
public final class ProfilesCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Override
    public Integer call() throws UnusableInputException {
        Table table = Table.ofLongLines();
        for (Profile profile : catalog.catalog().profiles()) {
            boolean restricted = profile.access() == Profile.Access.RESTRICTED;
            table.row(
                    new Cell(profile.name(), TextStyle.NAME),
                    new Cell(profile.source(), TextStyle.FAINT),
                    Cell.of((restricted ? "(restricted) " : "") + profile.description()));
        }
        table.print(standard.out(), standard.colors());
        return ExitCode.OK;
    }

    @Command(
            name = "show",
            description = "Show a profile: its parameters, what it adds, and an example of a request.",
            footer = {"", "Example:", "  pillion profiles show wait-for"})
    static final class Show implements Callable<Integer> {

        @Mixin
        private final StandardOptions standard = new StandardOptions();

        @Mixin
        private final CatalogOptions options = new CatalogOptions();

        @Parameters(paramLabel = "NAME", description = "Name of the profile.")
        private String name = "";

        @Override
        public Integer call() throws UnusableInputException {
            Catalog catalog = options.catalog();
            Profile profile = catalog.profile(name)
                    .orElseThrow(() -> new UnusableInputException(
                            "there is no profile '" + name + "'" + Nearest.hint(name, catalog.names())));
            new ProfileDescription(standard).print(profile);
            return ExitCode.OK;
        }
    }
}
