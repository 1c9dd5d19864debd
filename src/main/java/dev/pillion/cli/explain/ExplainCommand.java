package dev.pillion.cli.explain;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.simulate.Outcome;
import dev.pillion.cli.simulate.SimulatedManifest;
import dev.pillion.cli.simulate.SimulationOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.yaml.YamlWriter;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        abbreviateSynopsis = true,
        description = "Show what the webhook would do with the Pods of manifests, and why.",
        footer = {
            "",
            "The exit code is 3 if a Pod is denied.",
            "",
            "Example:",
            "  pillion explain -f pod.yaml --inject logging --set logging.path=/var/log/nginx"
        })
public final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final SimulationOptions options;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "Format of the output (default: text).")
    private Format format = Format.TEXT;

    public enum Format {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return Keywords.of(this);
        }
    }

    public ExplainCommand(InputStream in) {
        this.options = new SimulationOptions(in);
    }

    @Override
    public Integer call() throws UnusableInputException {
        List<SimulatedManifest> all = options.simulate();
        List<Outcome> outcomes =
                all.stream().flatMap(each -> each.outcomes().stream()).toList();
        switch (format) {
            case TEXT -> print(all, outcomes);
            case JSON -> standard.out().print(YamlWriter.json(ExplanationJson.of(all)));
        }
        return outcomes.stream().anyMatch(Outcome::denied) ? ExitCode.DENIED : ExitCode.OK;
    }

    private void print(List<SimulatedManifest> all, List<Outcome> outcomes) {
        PrintWriter out = standard.out();
        Explanation explanation = new Explanation(standard);
        for (int index = 0; index < outcomes.size(); index++) {
            if (index > 0) {
                out.println();
            }
            explanation.print(outcomes.get(index));
        }
        if (outcomes.isEmpty()) {
            out.println("nothing to explain: the input has no Pod and no workload with a Pod template");
        }
        explanation.printFindings(
                all.stream().flatMap(each -> each.findings().stream()).toList());
    }
}
