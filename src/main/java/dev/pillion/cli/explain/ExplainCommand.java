package dev.pillion.cli.explain;

import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.simulate.Outcome;
import dev.pillion.cli.simulate.SimulatedManifest;
import dev.pillion.cli.simulate.SimulationOptions;
import dev.pillion.cli.terminal.ExitCode;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "explain",
        abbreviateSynopsis = true,
        description = "Say what the webhook would do with the Pods of manifests, and why.",
        footer = {
            "",
            "Exit code 3 when a Pod is denied.",
            "",
            "Example:",
            "  pillion explain -f pod.yaml --inject logging --set logging.path=/var/log/nginx"
        })
public final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final SimulationOptions options;

    public ExplainCommand(InputStream in) {
        this.options = new SimulationOptions(in);
    }

    @Override
    public Integer call() throws UnusableInputException {
        List<SimulatedManifest> all = options.rehearse();
        List<Outcome> outcomes =
                all.stream().flatMap(each -> each.outcomes().stream()).toList();
        PrintWriter out = standard.out();
        Explanation explanation = new Explanation(out, standard.paint());
        for (int index = 0; index < outcomes.size(); index++) {
            if (index > 0) {
                out.println();
            }
            explanation.print(outcomes.get(index));
        }
        if (outcomes.isEmpty()) {
            out.println("nothing to explain: there is no Pod and no workload with a Pod template");
        }
        explanation.printFindings(
                all.stream().flatMap(each -> each.findings().stream()).toList());
        return outcomes.stream().anyMatch(Outcome::denied) ? ExitCode.DENIED : ExitCode.OK;
    }
}
