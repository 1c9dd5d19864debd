package dev.pillion.cli.check;

import dev.pillion.cli.check.CheckedCase.Failed;
import dev.pillion.cli.check.CheckedCase.Passed;
import dev.pillion.cli.check.CheckedCase.Written;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ReportFile;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.option.UserOptions;
import dev.pillion.cli.terminal.Colors.Ink;
import dev.pillion.injection.settings.InjectionSettings;
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
        description = "Compile the profiles and policies of a directory, lint them, and run the golden cases in it.",
        footer = {
            "",
            "A case is a directory with pod.yaml, perhaps namespace.yaml, and one of injected.yaml (the whole",
            "manifest), denied.yaml (code, perhaps message) or unchanged.yaml (code).",
            "",
            "Examples:",
            "  pillion check profiles --update",
            "  pillion check profiles --strict --junit check.xml --sarif check.sarif"
        })
public final class CheckCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Parameters(paramLabel = "DIR", description = "Profiles and policies, and cases in directories below.")
    private Path directory = Path.of("");

    @Option(names = "--update", description = "Write what becomes of each Pod as what is expected of it.")
    private boolean update;

    @Option(names = "--strict", description = "Fail for a lint too, not only for a case.")
    private boolean strict;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the outcome as JUnit XML too.")
    private Optional<Path> junit = Optional.empty();

    @Option(names = "--sarif", paramLabel = "FILE", description = "Write what was found as SARIF 2.1.0 too.")
    private Optional<Path> sarif = Optional.empty();

    @Mixin
    private final UserOptions users = new UserOptions();

    @Override
    public Integer call() throws UnusableInputException {
        CatalogOptions.checkIsDirectory(directory);
        CheckReport report = new Check(directory, update, users.applyTo(InjectionSettings.defaults())).run();
        if (report.isEmpty()) {
            throw new UnusableInputException(directory + ": holds neither profiles nor cases");
        }
        if (junit.isPresent()) {
            ReportFile.write(junit.get(), JUnitReport.of(report, strict));
        }
        if (sarif.isPresent()) {
            ReportFile.write(sarif.get(), SarifReport.of(report, strict));
        }
        report.problems().forEach(standard.err()::println);
        if (report.problems().isEmpty()) {
            report.cases().forEach(this::print);
            report.lints().forEach(this::print);
            standard.out().println(summary(report));
        }
        return report.exitCode(strict);
    }

    private void print(CheckedCase each) {
        switch (each.verdict()) {
            case Passed() -> say(Ink.GOOD, "ok   ", each.name());
            case Written(String file) -> say(Ink.WARNING, "wrote", each.name() + " (" + file + ")");
            case Failed(List<String> difference) -> {
                say(Ink.BAD, "FAIL ", each.name());
                difference.forEach(this::printDifference);
            }
        }
    }

    private void printDifference(String line) {
        Ink ink = line.startsWith("+") ? Ink.GOOD : line.startsWith("-") ? Ink.BAD : Ink.PLAIN;
        standard.out().println("    " + standard.paint().in(ink, line));
    }

    private void print(Finding lint) {
        say(strict ? Ink.BAD : Ink.WARNING, "lint ", lint + " (" + lint.rule() + ")");
    }

    private void say(Ink ink, String word, String what) {
        standard.out().println(standard.paint().in(ink, word) + " " + what);
    }

    private static String summary(CheckReport report) {
        int cases = report.cases().size();
        List<String> counts = new ArrayList<>();
        counts.add(count(report.profiles(), "profile", "profiles"));
        if (report.policies() > 0) {
            counts.add(count(report.policies(), "policy", "policies"));
        }
        counts.add(count(cases, "case", "cases"));
        List<String> ends = new ArrayList<>();
        if (report.failed() > 0) {
            ends.add(cases - report.failed() + " ok, " + report.failed() + " failed");
        }
        if (!report.lints().isEmpty()) {
            ends.add(count(report.lints().size(), "lint", "lints"));
        }
        return String.join(", ", counts) + ": " + (ends.isEmpty() ? "all well" : String.join(", ", ends));
    }

    private static String count(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
