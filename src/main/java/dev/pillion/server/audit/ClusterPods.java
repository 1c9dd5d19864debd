package dev.pillion.server.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.admission.ExistingPods;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.Policy;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.injection.plan.Status;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Counts Pods of the cluster for a review of a profile or policy. One count runs at a time, so that many changes at once do not use all memory. */
final class ClusterPods implements ExistingPods {

    private static final Logger LOG = Logger.getLogger(ClusterPods.class);

    /** Half of the time that the API server waits for the review. */
    private static final Duration BUDGET = Duration.ofMillis(2_500);

    private final ClusterReader cluster;
    private final Supplier<Injector> injector;
    private final Supplier<Catalog> inForce;
    private final Function<String, Namespace> namespaces;
    private final Duration budget;
    private final ReentrantLock counting = new ReentrantLock();

    ClusterPods(
            ClusterReader cluster,
            Supplier<Injector> injector,
            Supplier<Catalog> inForce,
            Function<String, Namespace> namespaces) {
        this(cluster, injector, inForce, namespaces, BUDGET);
    }

    ClusterPods(
            ClusterReader cluster,
            Supplier<Injector> injector,
            Supplier<Catalog> inForce,
            Function<String, Namespace> namespaces,
            Duration budget) {
        this.cluster = cluster;
        this.injector = injector;
        this.inForce = inForce;
        this.namespaces = namespaces;
        this.budget = budget;
    }

    @Override
    public Count newlyDenied(Catalog changed, List<Policy> policies) {
        LabelSelector labels = policies.size() == 1 ? policies.getFirst().pods() : LabelSelector.EVERYTHING;
        Catalog present = inForce.get();
        return count(labels, pod -> {
            Namespace namespace = namespaces.apply(namespaceOf(pod.tree()));
            boolean selected = policies.stream()
                    .anyMatch(policy -> policy.namespaces().matches(namespace.labels())
                            && policy.pods().matches(pod.labels()));
            // Few Pods are denied, so most need only this decision.
            return (selected ? denial(pod, namespace, changed) : Optional.<String>empty())
                    .filter(_ -> denial(pod, namespace, present).isEmpty())
                    .map(reason -> ": " + reason);
        });
    }

    @Override
    public Count withCompanionsOf(String profile) {
        return count(LabelSelector.EVERYTHING, pod -> Status.of(pod).profiles().keySet().stream()
                .filter(name -> InstanceName.profileOf(name).equals(profile))
                .findFirst()
                .map(_ -> ""));
    }

    private Optional<String> denial(Pod pod, Namespace namespace, Catalog catalog) {
        Injector current = injector.get();
        if (!Audit.isChecked(pod, namespace, current)) {
            return Optional.empty();
        }
        return Audit.findings(pod, namespace, current, catalog, Audit.Detail.CAUSE).stream()
                .filter(finding -> finding.kind() == AuditFinding.Kind.DENIED)
                .map(AuditFinding::detail)
                .findFirst();
    }

    /** @param test returns what to say about a Pod that counts, after its name */
    private Count count(LabelSelector labels, Function<Pod, Optional<String>> test) {
        long end = System.nanoTime() + budget.toNanos();
        Counter counter = new Counter(test, end);
        try {
            if (!counting.tryLock(budget.toMillis(), TimeUnit.MILLISECONDS)) {
                return counter.count(Optional.of("the Pods are being counted for another change"));
            }
            try {
                cluster.pods(labels, (page, _) -> page.forEach(counter::add), counter::hasTime);
            } finally {
                counting.unlock();
            }
        } catch (UnreachableClusterException e) {
            return counter.count(Optional.of(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return counter.count(Optional.of("the count was interrupted"));
        }
        return counter.count(
                counter.complete
                        ? Optional.empty()
                        : Optional.of("only " + counter.read + " Pods were read in " + budget.toMillis() + " ms"));
    }

    private static final class Counter {

        private final Function<Pod, Optional<String>> test;
        private final long end;
        private boolean complete = true;
        private long read;
        private long pods;
        private Optional<String> example = Optional.empty();

        /** @param end of the time for counting, of {@link System#nanoTime} */
        Counter(Function<Pod, Optional<String>> test, long end) {
            this.test = test;
            this.end = end;
        }

        /** Whether there is time for more Pods, of which there are some. */
        boolean hasTime() {
            complete &= System.nanoTime() - end < 0;
            return complete;
        }

        void add(JsonNode tree) {
            if (!hasTime()) {
                return;
            }
            read++;
            try {
                Pod pod = Pod.of(tree);
                test.apply(pod).ifPresent(remark -> {
                    pods++;
                    if (example.isEmpty()) {
                        example = Optional.of(namespaceOf(tree) + "/" + pod.name() + remark);
                    }
                });
            } catch (MalformedPodException e) {
                LOG.debugf("a Pod that cannot be read is not counted: %s", e.getMessage());
            }
        }

        Count count(Optional<String> gap) {
            return new Count(pods, example, gap);
        }
    }

    private static String namespaceOf(JsonNode tree) {
        return tree.path("metadata").path("namespace").asText();
    }
}
