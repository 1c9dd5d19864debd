package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.rollout.StepResult.Outcome;
import dev.pillion.cli.terminal.Age;
import dev.pillion.cluster.RejectedResizeException;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings workloads up to date, one after the other. Stops at the first that does not become ready. */
final class Rollout {

    private final Workloads workloads;
    private final StepPlanner planner;
    private final int podsAtATime;
    private final WorkloadWriter writer;
    private final RolloutLog log;
    private final Duration timeout;
    private final RolloutClock clock;

    /**
     * @param podsAtATime how many Pods of a workload may be unavailable during an update in place
     * @param timeout for each workload
     */
    Rollout(
            Workloads workloads,
            StepPlanner planner,
            int podsAtATime,
            WorkloadWriter writer,
            RolloutLog log,
            Duration timeout,
            RolloutClock clock) {
        this.workloads = workloads;
        this.planner = planner;
        this.podsAtATime = podsAtATime;
        this.writer = writer;
        this.log = log;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** The results, in the order of the steps. */
    List<StepResult> run(List<Step> steps, Interruption interruption) throws InterruptedException {
        List<StepResult> results = new ArrayList<>();
        boolean failed = false;
        for (Step step : steps) {
            if (!step.changes()) {
                results.add(new StepResult(step, Outcome.LEFT_ALONE, String.join("; ", step.why())));
            } else if (failed) {
                results.add(new StepResult(step, Outcome.NOT_STARTED, "an earlier workload is not ready"));
            } else {
                interruption.begins(step);
                StepResult result = run(step);
                log.line(step.target(), result.detail());
                results.add(result);
                failed = result.outcome() == Outcome.FAILED;
                interruption.ended();
            }
        }
        return results;
    }

    private StepResult run(Step step) throws InterruptedException {
        try {
            return new WorkloadRollout(step).run();
        } catch (UnreachableClusterException e) {
            return new StepResult(step, Outcome.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** The rollout of one workload. */
    private final class WorkloadRollout {

        private final Step step;
        private final Target target;
        private final ResourceType type;
        private final Instant start = clock.now();
        private boolean updated;
        private boolean rejected;
        private boolean restarted;

        WorkloadRollout(Step step) {
            this.step = step;
            this.target = step.target();
            this.type = target.restartable().orElseThrow();
        }

        /** Decides again after each change, because the state of the workload may differ from that of the plan. */
        StepResult run() throws UnreachableClusterException, InterruptedException {
            while (true) {
                Optional<WorkloadState> state = workloads.read(target, type);
                if (state.isEmpty()) {
                    return result(Outcome.LEFT_ALONE, "it was deleted");
                }
                if (state.get().outdated().isEmpty()) {
                    // Pods that were updated in place may have been those that a rollout in progress waits for.
                    Optional<String> failure = updated
                                    && !RolloutStatus.replacesOnDelete(
                                            state.get().tree())
                            ? awaitRollout()
                            : Optional.empty();
                    return failure.map(each -> result(Outcome.FAILED, each))
                            .orElseGet(() -> result(Outcome.UP_TO_DATE, "up to date after " + age()));
                }
                Step now = planner.plan(state.get(), !rejected);
                Optional<String> failure =
                        switch (now.action()) {
                            case WAIT -> awaitRollout();
                            case IN_PLACE -> updateInPlace();
                            case RESTART -> restart(now);
                            case NONE -> Optional.empty();
                        };
                if (failure.isPresent()) {
                    return result(Outcome.FAILED, failure.get());
                }
                if (!now.changes()) {
                    return result(
                            restarted ? Outcome.UP_TO_DATE : Outcome.LEFT_ALONE,
                            (restarted ? "restarted, but Pods are left alone: " : "left alone: ")
                                    + String.join("; ", now.why()));
                }
            }
        }

        private Optional<String> updateInPlace() throws UnreachableClusterException, InterruptedException {
            updated = true;
            try {
                return new InPlaceUpdates(target, writer, log, clock, podsAtATime)
                        .update(workloads, type, Duration.between(clock.now(), start.plus(timeout)))
                        .map(problem -> "not ready after " + age() + ": " + problem);
            } catch (RejectedResizeException e) {
                rejected = true;
                log.line(target, "cannot be updated in place: " + e.getMessage());
                return Optional.empty();
            }
        }

        private Optional<String> restart(Step now) throws UnreachableClusterException, InterruptedException {
            if (restarted) {
                return Optional.of("was restarted, but its new Pods are outdated too: "
                        + String.join("; ", now.why())
                        + "; check that the API server calls the webhook; if a profile or policy has changed since the command started,"
                        + " repeat it");
            }
            restarted = writer.restart(type, target.namespace(), target.name(), clock.now());
            log.line(target, "restarted");
            return awaitRollout();
        }

        /** Waits until the rollout is complete; returns the problem if it does not complete. */
        private Optional<String> awaitRollout() throws UnreachableClusterException, InterruptedException {
            while (true) {
                Optional<JsonNode> tree = workloads.object(target, type);
                switch (tree.<RolloutStatus>map(object -> RolloutStatus.of(type, object))
                        .orElseGet(RolloutStatus.Complete::new)) {
                    case RolloutStatus.Complete _ -> {
                        return Optional.empty();
                    }
                    case RolloutStatus.Failed(String reason) -> {
                        return Optional.of(notReady(reason));
                    }
                    case RolloutStatus.Progressing(String detail) -> {
                        log.line(target, detail);
                        if (!clock.now().isBefore(start.plus(timeout))) {
                            return Optional.of(notReady(detail));
                        }
                    }
                }
                clock.pause();
            }
        }

        private String notReady(String problem) throws UnreachableClusterException {
            return "not ready after " + age() + ": " + problem
                    + workloads
                            .read(target, type)
                            .flatMap(UnreadyPod::cause)
                            .map(each -> "; " + each)
                            .orElse("");
        }

        private String age() {
            return Age.of(Duration.between(start, clock.now()));
        }

        private StepResult result(Outcome outcome, String detail) {
            return new StepResult(step, outcome, detail.lines().collect(Collectors.joining(" ")));
        }
    }
}
