package dev.pillion.cluster.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.LastGood;
import dev.pillion.catalog.resource.ResourceStatus;
import dev.pillion.catalog.resource.StoredGeneration;
import dev.pillion.cluster.WatchHealth;
import dev.pillion.cluster.event.Events;
import dev.pillion.cluster.event.Events.Type;
import dev.pillion.cluster.watch.ResourceStore.Known;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Writes the condition {@code Ready}, the last good version and the generations of profiles into the status of each resource if they differ, and sends an Event when a
 * resource stops or starts to compile. It compares with the status in the cluster, so neither a restart nor a new leader repeats anything. Each
 * server-side apply contains all of these, since an apply removes the fields that it omits.
 */
final class ResourceReporter {

    private static final Logger LOG = Logger.getLogger(ResourceReporter.class);

    private static final String NAME = "pillion";

    /** The resource was deleted or replaced meanwhile. */
    private static final Set<Integer> OUTDATED = Set.of(404, 409);

    /** For how long the watch may not yet show what was written. */
    private static final Duration WATCH_DELAY = Duration.ofSeconds(10);

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(NAME)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Function<Id, Optional<Known>> resources;
    private final Clock clock;
    private final Events events;
    /** The last status that was written, by the uid of the resource: the watch may not show it yet. */
    private final Map<String, Written> written = new ConcurrentHashMap<>();

    private String logged = "";

    private record Written(ReadyCondition condition, Kept kept, Instant at) {}

    /** What the status contains beside the condition. */
    record Kept(Optional<LastGood> lastGood, Optional<String> generation, List<StoredGeneration> history) {}

    ResourceReporter(KubernetesClient client, Function<Id, Optional<Known>> resources, Clock clock) {
        this.client = client;
        this.resources = resources;
        this.clock = clock;
        this.events = new Events(client, NAME, clock);
    }

    /** @return whether the API server took all updates */
    boolean report(Map<Id, ResourceStatus> statuses) {
        try {
            statuses.forEach((id, status) -> resources.apply(id).ifPresent(known -> report(known, status)));
            written.keySet()
                    .retainAll(statuses.keySet().stream()
                            .flatMap(id -> resources.apply(id).stream())
                            .map(Known::uid)
                            .toList());
            logged = "";
            return true;
        } catch (KubernetesClientException e) {
            String problem = WatchHealth.rootOf(e);
            if (!problem.equals(logged)) {
                LOG.warnf("the status of profiles and policies cannot be written; will retry: %s", problem);
                logged = problem;
            }
            return false;
        }
    }

    private void report(Known known, ResourceStatus status) {
        Optional<ReadyCondition> before = known.condition();
        ReadyCondition condition = ReadyCondition.of(status, before, clock.instant());
        Kept kept = new Kept(status.lastGood(), status.profileGeneration(), status.history());
        boolean unchanged = before.filter(condition::isEqualExceptTime).isPresent();
        if ((unchanged && kept.equals(known.kept())) || wasJustWritten(known, condition, kept)) {
            return;
        }
        try {
            client.genericKubernetesResources(
                            ResourceWatch.context(known.resource().id().kind()))
                    .resource(applied(known, condition, kept))
                    .subresource("status")
                    .patch(APPLY);
            written.put(known.uid(), new Written(condition, kept, clock.instant()));
            if (!unchanged && isNews(condition, before)) {
                events.send(event(known, condition));
            }
        } catch (KubernetesClientException e) {
            if (!OUTDATED.contains(e.getCode())) {
                throw e;
            }
        }
    }

    private boolean wasJustWritten(Known known, ReadyCondition present, Kept kept) {
        return Optional.ofNullable(written.get(known.uid()))
                .filter(last -> last.condition().isEqualExceptTime(present)
                        && last.kept().equals(kept))
                .filter(last -> last.at().plus(WATCH_DELAY).isAfter(clock.instant()))
                .isPresent();
    }

    /** A new resource that compiles is no news. A resource that compiles again is. */
    private static boolean isNews(ReadyCondition present, Optional<ReadyCondition> before) {
        return present.ready()
                ? before.filter(condition -> !condition.ready()).isPresent()
                : before.filter(condition -> condition.message().equals(present.message()))
                        .isEmpty();
    }

    /** Contains the uid, so that a new resource with the same name does not get this status. */
    private static GenericKubernetesResource applied(Known known, ReadyCondition condition, Kept kept) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", CatalogResource.GROUP + "/" + CatalogResource.VERSION)
                .put("kind", known.resource().id().kind().word());
        object.putObject("metadata").put("name", known.resource().id().name()).put("uid", known.uid());
        ObjectNode status = object.putObject("status");
        status.putArray("conditions").add(condition.json());
        kept.lastGood().ifPresent(good -> status.set("lastGood", good.json()));
        kept.generation().ifPresent(generation -> status.put("generation", generation));
        if (!kept.history().isEmpty()) {
            ArrayNode history = status.putArray("history");
            kept.history().forEach(generation -> history.add(generation.json()));
        }
        return JSON.convertValue(object, GenericKubernetesResource.class);
    }

    private Event event(Known known, ReadyCondition condition) {
        ObjectReference subject = new ObjectReferenceBuilder()
                .withApiVersion(CatalogResource.GROUP + "/" + CatalogResource.VERSION)
                .withKind(known.resource().id().kind().word())
                .withName(known.resource().id().name())
                .withUid(known.uid())
                .build();
        return events.event(
                subject, condition.ready() ? Type.NORMAL : Type.WARNING, condition.reason(), condition.message());
    }
}
