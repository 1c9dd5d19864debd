package dev.pillion.cli.plan;

import dev.pillion.cli.live.LiveCluster;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.yaml.YamlWriter;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        abbreviateSynopsis = true,
        description = {
            "Show what profiles and policies would change in a cluster before they are applied.",
            "For each workload, the command compares what a new Pod gets now with what it would get."
        },
        footer = {
            "",
            "The command changes nothing. Running Pods stay as they are until they are replaced.",
            "The exit code is 1 if Pods that are created now would be denied or rejected, if a ResourceQuota would be"
                    + " exceeded, or if a profile or policy would no longer compile.",
            "",
            "Examples:",
            "  pillion plan platform",
            "  kubectl kustomize platform | pillion plan -f - -o markdown"
        })
public final class PlanCommand implements Callable<Integer> {

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    private final InputStream in;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR|-",
            description = "A file or directory of profiles and policies, or - for standard input. May be repeated.")
    private List<String> names = new ArrayList<>();

    @Parameters(paramLabel = "DIR", arity = "0..*", description = "The same as -f DIR.")
    private List<String> more = new ArrayList<>();

    @Option(
            names = "--prune",
            description = "Plan as if all other profiles and policies of the cluster were deleted. Without this option,"
                    + " they stay in force.")
    private boolean prune;

    @Option(names = "--diff", description = "Also print a diff of a new Pod of each workload that changes.")
    private boolean diff;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|markdown",
            description =
                    "Format of the output: table (the default), json or markdown, for example for a pull request.")
    private Format format = Format.TABLE;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    public enum Format {
        TABLE,
        JSON,
        MARKDOWN;

        @Override
        public String toString() {
            return Keywords.of(this);
        }
    }

    public PlanCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws UnusableInputException {
        ClusterPlan plan = plan(CatalogFiles.read(names(), in));
        switch (format) {
            case TABLE -> new PlanTable(plan).print(standard.out(), standard.colors());
            case JSON -> standard.out().print(YamlWriter.json(PlanJson.of(plan)));
            case MARKDOWN -> standard.out().print(new PlanMarkdown(plan).text());
        }
        return plan.blocks() ? ExitCode.CHECK_FAILED : ExitCode.OK;
    }

    private List<String> names() throws UnusableInputException {
        List<String> all = new ArrayList<>(names);
        all.addAll(more);
        if (all.isEmpty()) {
            throw new UnusableInputException(
                    "nothing to plan: give the directory of profiles and policies, or -f FILE, or -f - for standard"
                            + " input");
        }
        return all;
    }

    private ClusterPlan plan(CatalogFiles files) throws UnusableInputException {
        try (LiveCluster live = LiveCluster.open(connection, cluster, new CatalogOptions(), "pillion-plan")) {
            PlannedCatalogs catalogs = PlannedCatalogs.of(live.catalog(), files, prune, Instant.now());
            return new LivePlan(live, cluster.namespaceName(), standard).of(catalogs, diff);
        } catch (UnreachableClusterException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()));
        }
    }
}
