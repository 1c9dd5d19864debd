package dev.pillion.cli.check;

import dev.pillion.cli.check.CheckedCase.Failed;
import dev.pillion.cli.check.Finding.Level;
import dev.pillion.cli.manifest.SourceLocation;
import dev.pillion.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.util.List;

/**
 * The findings and the results of {@code check}.
 *
 * @param profiles the number of profiles in the directory
 * @param policies the number of policies in the directory
 * @param problems if there are any, there are no lints and no cases
 * @param lints findings of lint rules
 */
record CheckReport(
        Path directory,
        int profiles,
        int policies,
        List<Finding> problems,
        List<Finding> lints,
        List<CheckedCase> cases) {

    static CheckReport unusable(Path directory, List<Finding> problems) {
        return new CheckReport(directory, 0, 0, problems, List.of(), List.of());
    }

    boolean isEmpty() {
        return problems.isEmpty() && profiles + policies + cases.size() == 0;
    }

    int failed() {
        return Math.toIntExact(cases.stream().filter(CheckedCase::failed).count());
    }

    /** The cases that failed, as findings about their files. */
    List<Finding> failures() {
        return cases.stream()
                .filter(CheckedCase::failed)
                .map(each -> new Finding(
                        Finding.FAILED_CASE,
                        Level.ERROR,
                        SourceLocation.of(each.file(), 1),
                        "",
                        "the result differs:\n" + difference(each)))
                .toList();
    }

    private static String difference(CheckedCase failed) {
        return failed.result() instanceof Failed(List<String> difference) ? String.join("\n", difference) : "";
    }

    /** @param strict whether a finding of a lint rule fails the check */
    int exitCode(boolean strict) {
        if (!problems.isEmpty()) {
            return ExitCode.UNUSABLE;
        }
        return failed() > 0 || (strict && !lints.isEmpty()) ? ExitCode.CHECK_FAILED : ExitCode.OK;
    }
}
