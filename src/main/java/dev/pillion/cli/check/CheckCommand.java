package dev.pillion.cli.check;

import dev.pillion.cli.check.CheckedCase.Failed;
import dev.pillion.cli.check.CheckedCase.Passed;
import dev.pillion.cli.check.CheckedCase.Written;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ReportFile;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.option.UserOptions;
import dev.pillion.cli.terminal.Colors.TextStyle;
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
        description = "Compile and lint the profiles and policies of a directory, and run its test cases.",
        footer = {
            "",
            "A case is a directory with pod.yaml, optionally namespace.yaml, and one of injected.yaml (the whole"
                    + " manifest), denied.yaml (code, optionally message) or unchanged.yaml (code).",
            "",
            "Examples:",
            "  pillion check profiles --update",
            "  pillion check profiles --strict --junit check.xml --sarif check.sarif"
        })
public final class CheckCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Parameters(paramLabel = "DIR", description = "Directory of the profiles, policies and cases.")
    private Path directory = Path.of("");

    @Option(names = "--update", description = "Write the actual result of each case as its expected result.")
    private boolean update;

    @Option(names = "--strict", description = "Also fail if there are lints.")
    private boolean strict;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results to a file as JUnit XML.")
    private Optional<Path> junit = Optional.empty();

    @Option(names = "--sarif", paramLabel = "FILE", description = "Write the findings to a file as SARIF 2.1.0.")
    private Optional<Path> sarif = Optional.empty();

    @Mixin
    private final UserOptions users = new UserOptions();

    @Override
    public Integer call() throws UnusableInputException {
        CatalogOptions.checkIsDirectory(directory);
        CheckReport report = new Check(directory, update, users.applyTo(InjectionSettings.defaults())).run();
        if (report.isEmpty()) {
            throw new UnusableInputException(directory + ": has neither profiles nor cases");
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
        switch (each.result()) {
            case Passed() -> print(TextStyle.GOOD, "ok   ", each.name());
            case Written(String file) -> print(TextStyle.WARNING, "wrote", each.name() + " (" + file + ")");
            case Failed(List<String> difference) -> {
                print(TextStyle.BAD, "FAIL ", each.name());
                difference.forEach(this::printDifference);
            }
        }
    }

    private void printDifference(String line) {
        TextStyle style =
                line.startsWith("+") ? TextStyle.GOOD : line.startsWith("-") ? TextStyle.BAD : TextStyle.PLAIN;
        standard.out().println("    " + standard.colors().in(style, line));
    }

    private void print(Finding lint) {
        print(strict ? TextStyle.BAD : TextStyle.WARNING, "lint ", lint + " (" + lint.rule() + ")");
    }

    private void print(TextStyle style, String label, String text) {
        standard.out().println(standard.colors().in(style, label) + " " + text);
    }

    private static String summary(CheckReport report) {
        int cases = report.cases().size();
        List<String> counts = new ArrayList<>();
        counts.add(count(report.profiles(), "profile", "profiles"));
        if (report.policies() > 0) {
            counts.add(count(report.policies(), "policy", "policies"));
        }
        counts.add(count(cases, "case", "cases"));
        List<String> results = new ArrayList<>();
        if (report.failed() > 0) {
            results.add(cases - report.failed() + " ok, " + report.failed() + " failed");
        }
        if (!report.lints().isEmpty()) {
            results.add(count(report.lints().size(), "lint", "lints"));
        }
        return String.join(", ", counts) + ": " + (results.isEmpty() ? "all passed" : String.join(", ", results));
    }

    private static String count(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
