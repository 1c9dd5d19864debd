package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.rollout.Step.Action;
import dev.pillion.cli.terminal.Progress;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What to do with the selected workloads that have Pods with missing or outdated companions.
 *
 * @param steps in their order: first what is being rolled out already, then by name; workloads that are left alone are last
 */
record RolloutPlan(List<Step> steps) {

    RolloutPlan {
        steps = List.copyOf(steps);
    }

    /** @param namespace empty for all */
    static RolloutPlan of(
            RolloutOptions options,
            Optional<String> namespace,
            ClusterReader reader,
            Workloads workloads,
            StepPlanner planner,
            Progress progress)
            throws UnusableInputException, UnreachableClusterException {
        Map<Target, JsonNode> objects = options.objects(namespace, new WorkloadReader(reader));
        Map<Target, List<CheckedPod>> pods = podsWithFindings(namespace, reader, workloads, progress);
        List<Step> steps = new ArrayList<>();
        for (Map.Entry<Target, List<CheckedPod>> entry : pods.entrySet()) {
            Target target = entry.getKey();
            @Nullable JsonNode object = objects.get(target);
            if (entry.getValue().stream().noneMatch(options::selects) || object == null && options.areRestricted()) {
                continue;
            }
            steps.add(
                    object == null || target.restartable().isEmpty()
                            ? notRestartable(target, entry.getValue())
                            : planner.plan(
                                    workloads.state(target, target.restartable().get(), object, entry.getValue())));
        }
        steps.sort(Comparator.comparing(Step::action));
        return new RolloutPlan(steps);
    }

    private static Map<Target, List<CheckedPod>> podsWithFindings(
            Optional<String> namespace, ClusterReader reader, Workloads workloads, Progress progress)
            throws UnreachableClusterException {
        Map<Target, List<CheckedPod>> pods = new TreeMap<>(Target.ORDER);
        AtomicLong read = new AtomicLong();
        reader.pods(namespace, (page, remaining) -> {
            for (JsonNode tree : page) {
                workloads.check(tree).filter(CheckedPod::hasFindings).ifPresent(pod -> pods.computeIfAbsent(
                                Target.of(
                                        tree.path("metadata").path("namespace").asText(),
                                        pod.pod().owner()),
                                _ -> new ArrayList<>())
                        .add(pod));
            }
            progress.reached(read.addAndGet(page.size()), read.get() + remaining);
        });
        progress.clear();
        return pods;
    }

    private static Step notRestartable(Target target, List<CheckedPod> pods) {
        String why = target.restartable().isPresent()
                ? "it is not a " + target.kind() + " of Kubernetes (apps/v1)"
                : "only Deployments, StatefulSets and DaemonSets are restarted";
        return new Step(target, Action.NONE, pods.size(), List.of(why));
    }

    /** The steps that bring a workload up to date. */
    List<Step> changes() {
        return steps.stream().filter(Step::changes).toList();
    }
}
