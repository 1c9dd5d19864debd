package dev.pillion.cli;

import dev.pillion.cli.manifest.PrintedManifest;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.option.ManifestFormat;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.simulate.Outcome;
import dev.pillion.cli.simulate.SimulatedManifest;
import dev.pillion.cli.simulate.SimulationOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.yaml.YamlWriter;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "inject",
        abbreviateSynopsis = true,
        description = "Print manifests with the changes that the webhook would make to their Pods.",
        footer = {
            "",
            "All other text stays the same: comments, quotes, layout, and manifests of other kinds.",
            "If a Pod is denied, the exit code is 3 and no manifest is printed.",
            "",
            "Examples:",
            "  pillion inject -f deployment.yaml | kubectl apply -f -",
            "  pillion inject -f pod.yaml --inject logging --set logging.path=/var/log/nginx -o patch"
        })
final class InjectCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final SimulationOptions options;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "yaml|json|patch",
            description =
                    "Format of the output. yaml (the default) keeps the text of the input, also if it is JSON; patch prints a"
                            + " JSON Patch (RFC 6902) for each document.")
    private Format format = Format.YAML;

    @Option(
            names = {"-q", "--quiet"},
            description = "On standard error, print only warnings and errors.")
    private boolean quiet;

    enum Format {
        YAML,
        JSON,
        PATCH;

        @Override
        public String toString() {
            return Keywords.of(this);
        }
    }

    InjectCommand(InputStream in) {
        this.options = new SimulationOptions(in);
    }

    @Override
    public Integer call() throws UnusableInputException {
        List<SimulatedManifest> all = options.simulate();
        List<Outcome> outcomes =
                all.stream().flatMap(each -> each.outcomes().stream()).toList();
        all.forEach(each -> each.findings().forEach(finding -> standard.err().println("warning: " + finding)));
        List<Outcome> denied = outcomes.stream().filter(Outcome::denied).toList();
        if (!denied.isEmpty()) {
            outcomes.forEach(this::warn);
            // Nothing on standard output, so that the next command of a pipe does not apply a part of the manifests.
            denied.forEach(outcome -> outcome.mistakes().forEach(mistake -> standard.err()
                    .println(outcome.workload().manifest().source() + ": " + mistake)));
            return ExitCode.DENIED;
        }
        report(outcomes);
        PrintedManifest printed = print(all);
        printed.warnings().forEach(standard.err()::println);
        standard.err().flush();
        standard.out().print(printed.text());
        return ExitCode.OK;
    }

    private void report(List<Outcome> outcomes) {
        PrintWriter err = standard.err();
        for (Outcome outcome : outcomes) {
            if (!quiet) {
                err.println(outcome.summary());
            }
            warn(outcome);
        }
        if (outcomes.isEmpty() && !quiet) {
            err.println("nothing to inject: the input has no Pod and no workload with a Pod template");
        }
        err.flush();
    }

    private void warn(Outcome outcome) {
        outcome.warnings().forEach(warning -> standard.err()
                .println("warning: " + outcome.workload().title() + ": " + Printable.oneLine(warning.message())));
    }

    private PrintedManifest print(List<SimulatedManifest> all) {
        return switch (format) {
            case YAML ->
                ManifestFormat.YAML.print(
                        all.stream().map(SimulatedManifest::changed).toList());
            case JSON ->
                ManifestFormat.JSON.print(
                        all.stream().map(SimulatedManifest::changed).toList());
            case PATCH ->
                new PrintedManifest(
                        all.stream()
                                .map(each -> YamlWriter.json(each.patch().toJson()))
                                .collect(Collectors.joining()),
                        List.of());
        };
    }
}
