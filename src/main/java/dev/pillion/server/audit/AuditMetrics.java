package dev.pillion.server.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.resource.PinnedGeneration;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.LogOnChange;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.server.review.PolicyTag;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Counts the Pods of the cluster with missing or outdated companions, as {@code pillion audit} does, and publishes the counts as a metric. It also
 * reports which generations of profiles Pods pin, because nothing else reads all Pods.
 */
final class AuditMetrics {

    private static final Logger LOG = Logger.getLogger(AuditMetrics.class);

    private final ClusterReader cluster;
    private final Supplier<Injector> injector;
    private final Supplier<Catalog> catalog;
    private final Function<String, Namespace> namespaces;
    private final Consumer<Set<PinnedGeneration>> pinned;
    private final MultiGauge pods;
    private final LogOnChange log = new LogOnChange(LOG, "the cluster's Pods cannot be audited");

    /** @param pinned gets the generations that Pods pin, after each audit that has read all Pods */
    AuditMetrics(
            ClusterReader cluster,
            Supplier<Injector> injector,
            Supplier<Catalog> catalog,
            Function<String, Namespace> namespaces,
            Consumer<Set<PinnedGeneration>> pinned,
            MeterRegistry meters) {
        this.cluster = cluster;
        this.injector = injector;
        this.catalog = catalog;
        this.namespaces = namespaces;
        this.pinned = pinned;
        this.pods = MultiGauge.builder("pillion.audit.pods")
                .description("Pods with missing or outdated companions, at the last audit by the leader")
                .register(meters);
    }

    /**
     * Reads all Pods and sets the metric. If the Pods cannot be read, the metric stays unchanged.
     *
     * @return whether the Pods could be read
     */
    boolean run() {
        Audit audit = new Audit(injector.get(), catalog.get(), Audit.Detail.CAUSE);
        PinCollector pins = new PinCollector();
        try {
            cluster.pods(Optional.empty(), (page, _) -> page.forEach(pod -> check(audit, pins, pod)));
        } catch (UnreachableClusterException e) {
            log.failed(String.valueOf(e.getMessage()));
            return false;
        }
        pinned.accept(pins.pinned());
        // A Pod can lack several instances of a profile, and it counts once.
        Map<Tags, Long> counts = audit.findings().stream()
                .map(finding -> new Counted(finding.namespace(), finding.pod(), tags(finding)))
                .distinct()
                .collect(Collectors.groupingBy(Counted::tags, Collectors.counting()));
        List<Row<?>> rows = counts.entrySet().stream()
                .<Row<?>>map(count -> Row.of(count.getKey(), count.getValue()))
                .toList();
        pods.register(rows, true);
        log.recovered();
        LOG.debugf("audited %d Pods, %d have findings", audit.pods(), audit.podsWithFindings());
        return true;
    }

    /** Removes the counts, because another replica publishes them. */
    void clear() {
        pods.register(List.of(), true);
    }

    private void check(Audit audit, PinCollector pins, JsonNode tree) {
        try {
            Pod pod = Pod.of(tree);
            pins.add(pod.annotations());
            audit.check(
                    pod,
                    namespaces.apply(tree.path("metadata").path("namespace").asText()));
        } catch (MalformedPodException e) {
            LOG.debugf("a Pod that cannot be read is not audited: %s", e.getMessage());
        }
    }

    private record Counted(String namespace, String pod, Tags tags) {}

    private static Tags tags(Audit.PodFinding finding) {
        AuditFinding cause = finding.finding();
        return Tags.of("kind", cause.kind().toString(), "profile", InstanceName.profileOf(cause.profile()))
                .and(cause.requestedBy().map(PolicyTag::of).orElseGet(PolicyTag::none));
    }
}
