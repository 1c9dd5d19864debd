package dev.pillion.cli.explain;

import dev.pillion.cli.live.ResourceArguments;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cli.option.InputOptions;
import dev.pillion.cli.option.ReportFormat;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.simulate.Outcome;
import dev.pillion.cli.simulate.SimulatedManifest;
import dev.pillion.cli.simulate.SimulationOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.yaml.YamlWriter;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        abbreviateSynopsis = true,
        description = {
            "Show what the webhook would do with the Pods of manifests or of live workloads, and why.",
            "For live workloads, the command also shows their Pods, changes that others made to companions, and Events about denials."
        },
        footer = {
            "",
            "Instead of FILE, name resources of a cluster as for kubectl get: TYPE/NAME, TYPE NAME, or TYPE with -l. The type can be a custom"
                    + " resource. The command then uses the profiles and policies of the cluster. It changes nothing.",
            "The exit code is 3 if a Pod is denied.",
            "",
            "Examples:",
            "  pillion explain -f pod.yaml --inject logging --set logging.path=/var/log/nginx",
            "  pillion explain deploy/web -n shop",
            "  pillion explain pods -l app=web -n shop"
        })
public final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final SimulationOptions options;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "Labels of the live resources, such as app=web.")
    private String labels = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Read live resources of all namespaces.")
    private boolean everywhere;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "Format of the output (default: text).")
    private ReportFormat format = ReportFormat.TEXT;

    public ExplainCommand(InputStream in) {
        this.options = new SimulationOptions(in);
    }

    @Override
    public Integer call() throws UnusableInputException {
        InputOptions input = options.input();
        boolean cluster = !labels.isEmpty() || everywhere || connection.areGiven();
        if (!input.hasFiles() && ResourceArguments.areResources(input.arguments(), cluster)) {
            LiveExplanation live = live(input.arguments(), cluster);
            return show(live.manifests(), live.pods());
        }
        if (cluster) {
            throw new UnusableInputException(
                    "--selector, --all-namespaces, --kubeconfig and --context are for live resources: name one, such as deploy/web,"
                            + " or a type, such as pods");
        }
        return show(options.simulate(), List.of());
    }

    /** @param cluster whether an option for a cluster is given */
    private LiveExplanation live(List<String> arguments, boolean cluster) throws UnusableInputException {
        try {
            return LiveExplanation.of(options, connection, labels, everywhere, standard.err());
        } catch (UnusableInputException e) {
            throw cluster || ResourceArguments.isKnown(arguments)
                    ? e
                    : new UnusableInputException("there is no file " + arguments.getFirst()
                            + ", and as a resource of a cluster: " + e.getMessage());
        }
    }

    /** @param live of each of the first manifests; empty if none is from a cluster */
    private int show(List<SimulatedManifest> all, List<LivePods> live) {
        List<Outcome> outcomes =
                all.stream().flatMap(each -> each.outcomes().stream()).toList();
        switch (format) {
            case TEXT -> print(all, outcomes, live);
            case JSON -> standard.out().print(YamlWriter.json(ExplanationJson.of(all, live)));
        }
        return outcomes.stream().anyMatch(Outcome::denied) ? ExitCode.DENIED : ExitCode.OK;
    }

    private void print(List<SimulatedManifest> all, List<Outcome> outcomes, List<LivePods> live) {
        PrintWriter out = standard.out();
        Explanation explanation = new Explanation(standard);
        LivePodsText pods = new LivePodsText(standard, Instant.now());
        boolean first = true;
        for (int index = 0; index < all.size(); index++) {
            for (Outcome outcome : all.get(index).outcomes()) {
                if (!first) {
                    out.println();
                }
                first = false;
                explanation.print(outcome);
            }
            if (index < live.size()) {
                pods.print(live.get(index));
            }
        }
        if (outcomes.isEmpty()) {
            out.println("nothing to explain: the input has no Pod and no workload with a Pod template");
        }
        explanation.printFindings(
                all.stream().flatMap(each -> each.findings().stream()).toList());
    }
}
