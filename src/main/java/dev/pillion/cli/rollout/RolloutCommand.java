package dev.pillion.cli.rollout;

import dev.pillion.catalog.Catalog;
import dev.pillion.cli.live.LiveCluster;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.CatalogOptions;
import dev.pillion.cli.option.ClusterOptions;
import dev.pillion.cli.option.ConnectionOptions;
import dev.pillion.cli.option.ReportFormat;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.rollout.StepResult.Outcome;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.cli.terminal.Progress;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.cluster.WorkloadWriter;
import dev.pillion.injection.Injector;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.yaml.YamlWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rollout",
        abbreviateSynopsis = true,
        description = {
            "Bring missing and outdated companions up to date, one workload after the other.",
            "Where only the image or the resources of a companion differ, the command changes the live Pods: the app keeps running. Otherwise"
                    + " it restarts the workload as kubectl rollout restart does. It uses your own rights, waits until each workload is ready,"
                    + " and stops at the first one that does not become ready."
        },
        footer = {
            "",
            "The command asks for confirmation, unless --yes is given. After a stop, the same command continues.",
            "It leaves alone: workloads whose new Pods would be denied, paused Deployments, and Jobs.",
            "The exit code is 1 if a workload does not become ready or a change fails.",
            "",
            "Examples:",
            "  pillion rollout -A --dry-run",
            "  pillion rollout deploy/web -n shop",
            "  pillion rollout -A --profile logging --yes"
        })
public final class RolloutCommand implements Callable<Integer> {

    private final InputStream in;

    @Mixin
    private final StandardOptions standard = new StandardOptions();

    @Mixin
    private final RolloutOptions selection = new RolloutOptions();

    @Mixin
    private final CatalogOptions catalog = new CatalogOptions();

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--dry-run", description = "Only show what would be done, in which order, and why.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask for confirmation.")
    private boolean confirmed;

    @Option(names = "--restart", description = "Restart workloads even if a change of live Pods is enough.")
    private boolean restartsAlways;

    @Option(
            names = "--max-unavailable",
            paramLabel = "N",
            description =
                    "How many Pods of a workload may be unavailable. Workloads whose update strategy allows more are not"
                            + " restarted (default: one Pod for a change in live Pods, and the update strategy for a restart).")
    private Optional<Integer> maxUnavailable = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = TimeoutConverter.class,
            description = "How long to wait for each workload, such as 90s or 10m (the default).")
    private Duration timeout = Duration.ofMinutes(10);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "Format of the output: text (the default) or json (one object for each workload).")
    private ReportFormat format = ReportFormat.TEXT;

    public RolloutCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws UnusableInputException, InterruptedException {
        try (LiveCluster live = LiveCluster.open(connection, cluster, catalog, "pillion-rollout")) {
            Injector injector = new Injector(live.settings());
            Catalog inForce = live.inForce();
            Optional<String> namespace = selection.isEverywhere()
                    ? Optional.empty()
                    : Optional.of(cluster.namespaceName().orElse(live.namespace()));
            WorkloadReader reader = new WorkloadReader(live.reader());
            Workloads workloads =
                    new Workloads(reader, live.mutatedNamespaces(namespace, standard.err()), injector, inForce);
            StepPlanner planner =
                    new StepPlanner(reader, injector, inForce, new Kubelets(live.reader()), restartsAlways, limit());
            Progress progress = new Progress("Pods", standard.err(), standard.onTerminal());
            RolloutPlan plan = RolloutPlan.of(selection, namespace, live.reader(), workloads, planner, progress);
            if (format == ReportFormat.TEXT) {
                RolloutReport.print(plan, standard.out(), standard.colors());
                standard.out().flush();
            }
            List<Step> changes = plan.changes();
            if (dryRun || changes.isEmpty()) {
                return finish(plan.steps().stream().map(RolloutCommand::planned).toList());
            }
            if (!isConfirmed(changes.size())) {
                standard.err().println("nothing was changed");
                return ExitCode.OK;
            }
            RolloutLog log = new RolloutLog(format == ReportFormat.TEXT ? standard.out() : standard.err());
            WorkloadWriter writer = new WorkloadWriter(live.reader());
            Rollout rollout =
                    new Rollout(workloads, planner, limit().orElse(1), writer, log, timeout, RolloutClock.SYSTEM);
            try (Interruption interruption = Interruption.reportedTo(standard.err(), changes.size())) {
                List<StepResult> results = rollout.run(plan.steps(), interruption);
                if (format == ReportFormat.TEXT) {
                    RolloutReport.printResults(results, standard.out());
                }
                return finish(results);
            }
        } catch (UnreachableClusterException | MalformedPodException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()));
        }
    }

    private OptionalInt limit() throws UnusableInputException {
        if (maxUnavailable.isPresent() && maxUnavailable.get() < 1) {
            throw new UnusableInputException("--max-unavailable must be at least 1, is " + maxUnavailable.get());
        }
        return maxUnavailable.stream().mapToInt(Integer::intValue).findFirst();
    }

    private static StepResult planned(Step step) {
        return step.changes()
                ? new StepResult(step, Outcome.PLANNED, "")
                : new StepResult(step, Outcome.LEFT_ALONE, String.join("; ", step.why()));
    }

    private int finish(List<StepResult> results) {
        if (format == ReportFormat.JSON) {
            standard.out().print(YamlWriter.json(RolloutReport.json(results)));
        }
        return RolloutReport.hasFailed(results) ? ExitCode.CHECK_FAILED : ExitCode.OK;
    }

    private boolean isConfirmed(int workloads) throws UnusableInputException {
        if (confirmed) {
            return true;
        }
        if (!standard.onTerminal()) {
            throw new UnusableInputException(
                    "there is no terminal to ask for confirmation: use --yes, or --dry-run first");
        }
        PrintWriter err = standard.err();
        err.print("Bring " + (workloads == 1 ? "this workload" : "these " + workloads + " workloads")
                + " up to date? [y/N] ");
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return answer != null
                    && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
        } catch (IOException e) {
            throw new UnusableInputException("the answer cannot be read: " + e.getMessage());
        }
    }
}
