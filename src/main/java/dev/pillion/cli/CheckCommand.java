package dev.pillion.cli;

import dev.pillion.catalog.Catalog;
import dev.pillion.cli.Paint.Ink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Compile the profiles of a directory and run the golden cases in it.",
        footer = {
            "",
            "A case is a directory with pod.yaml, perhaps namespace.yaml, and one of injected.yaml (the whole",
            "manifest), denied.yaml (code, perhaps message) or unchanged.yaml (code).",
            "",
            "Example:",
            "  pillion check profiles --update"
        })
final class CheckCommand implements Callable<Integer> {

    private static final String BUILT_IN = "built in";

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Parameters(paramLabel = "DIR", description = "Profiles, and cases in directories below.")
    private Path directory = Path.of("");

    @Option(names = "--update", description = "Write what becomes of each Pod as what is expected of it.")
    private boolean update;

    @Override
    public Integer call() throws UnusableInputException {
        CatalogOptions.checkIsDirectory(directory);
        List<String> problems = new ArrayList<>();
        Optional<Catalog> catalog = catalog(problems);
        List<GoldenCase> cases = new GoldenCaseReader(directory, problems).read();
        if (catalog.isEmpty() || !problems.isEmpty()) {
            problems.forEach(standard.err()::println);
            return ExitCode.UNUSABLE;
        }
        long profiles = catalog.get().profiles().stream()
                .filter(profile -> !profile.source().equals(BUILT_IN))
                .count();
        if (profiles == 0 && cases.isEmpty()) {
            throw new UnusableInputException(directory + ": holds neither profiles nor cases");
        }
        int failed = 0;
        for (GoldenCase each : cases) {
            failed += passes(each, catalog.get()) ? 0 : 1;
        }
        standard.out()
                .println(count(profiles, "profile") + ", " + count(cases.size(), "case")
                        + (failed == 0 ? ": all well" : ": " + (cases.size() - failed) + " ok, " + failed + " failed"));
        return failed == 0 ? ExitCode.OK : ExitCode.CASE_FAILED;
    }

    private Optional<Catalog> catalog(List<String> problems) {
        try {
            return Optional.of(CatalogOptions.read(directory));
        } catch (UnusableInputException e) {
            problems.add(e.getMessage());
            return Optional.empty();
        }
    }

    private boolean passes(GoldenCase each, Catalog catalog) throws UnusableInputException {
        Expectation actual = each.run(catalog);
        Optional<Expectation> expected = each.expectation();
        if (expected.isPresent() && expected.get().isMetBy(actual)) {
            say(Ink.GOOD, "ok   ", each.name());
            return true;
        }
        if (update) {
            each.update(actual);
            say(Ink.WARNING, "wrote", each.name() + " (" + actual.file() + ")");
            return true;
        }
        say(Ink.BAD, "FAIL ", each.name());
        if (expected.isEmpty()) {
            standard.out().println("    expects nothing yet; run with --update to write " + actual.file());
        } else {
            Difference.between(expected.get(), actual).forEach(this::sayDifference);
        }
        return false;
    }

    private void sayDifference(String line) {
        Ink ink = line.startsWith("+") ? Ink.GOOD : line.startsWith("-") ? Ink.BAD : Ink.PLAIN;
        standard.out().println("    " + standard.paint().in(ink, line));
    }

    private void say(Ink ink, String word, String what) {
        standard.out().println(standard.paint().in(ink, word) + " " + what);
    }

    private static String count(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
