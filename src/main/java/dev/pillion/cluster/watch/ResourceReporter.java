package dev.pillion.cluster.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.LastGood;
import dev.pillion.catalog.resource.ResourceStatus;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Writes into each resource's status what has become of it and which version compiled last, where that is not what it says, and makes an
 * Event of a change between good and bad. It writes the last good version anew each time, since an apply takes away what it leaves out. What it compares with is what the resource says, so that neither a restart nor another leader says anything twice.
 */
final class ResourceReporter {

    private static final Logger LOG = Logger.getLogger(ResourceReporter.class);

    private static final String NAME = "pillion";

    /** Somebody was quicker: it is gone, or another one of the same name. */
    private static final Set<Integer> OUTDATED = Set.of(404, 409);

    /** How long the watch may take to bring back what was written. */
    private static final Duration ECHO = Duration.ofSeconds(10);

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
    /** What was written and may not have come back yet, by the uid of the resource. */
    private final Map<String, Written> written = new ConcurrentHashMap<>();

    private String logged = "";

    private record Written(ReadyCondition condition, Optional<LastGood> lastGood, Instant at) {}

    ResourceReporter(KubernetesClient client, Function<Id, Optional<Known>> resources, Clock clock) {
        this.client = client;
        this.resources = resources;
        this.clock = clock;
        this.events = new Events(client, NAME, clock);
    }

    /** @return whether the API server took what there was to write */
    boolean report(Map<Id, ResourceStatus> verdicts) {
        try {
            verdicts.forEach((id, verdict) -> resources.apply(id).ifPresent(known -> report(known, verdict)));
            written.keySet()
                    .retainAll(verdicts.keySet().stream()
                            .flatMap(id -> resources.apply(id).stream())
                            .map(Known::uid)
                            .toList());
            logged = "";
            return true;
        } catch (KubernetesClientException e) {
            String problem = WatchHealth.rootOf(e);
            if (!problem.equals(logged)) {
                LOG.warnf("the status of profiles and policies cannot be written, and is tried again: %s", problem);
                logged = problem;
            }
            return false;
        }
    }

    private void report(Known known, ResourceStatus verdict) {
        Optional<ReadyCondition> before = known.condition();
        ReadyCondition present = ReadyCondition.of(verdict, before, clock.instant());
        Optional<LastGood> lastGood = verdict.lastGood();
        boolean said = before.filter(present::saysTheSameAs).isPresent();
        if ((said && lastGood.equals(known.resource().lastGood())) || wasJustWritten(known, present, lastGood)) {
            return;
        }
        try {
            client.genericKubernetesResources(
                            ResourceWatch.context(known.resource().id().kind()))
                    .resource(status(known, present, lastGood))
                    .subresource("status")
                    .patch(APPLY);
            written.put(known.uid(), new Written(present, lastGood, clock.instant()));
            if (!said && isNews(present, before)) {
                events.send(event(known, present));
            }
        } catch (KubernetesClientException e) {
            if (!OUTDATED.contains(e.getCode())) {
                throw e;
            }
        }
    }

    private boolean wasJustWritten(Known known, ReadyCondition present, Optional<LastGood> lastGood) {
        return Optional.ofNullable(written.get(known.uid()))
                .filter(last -> last.condition().saysTheSameAs(present)
                        && last.lastGood().equals(lastGood))
                .filter(last -> last.at().plus(ECHO).isAfter(clock.instant()))
                .isPresent();
    }

    /** That something new compiles is expected; that it compiles again is not. */
    private static boolean isNews(ReadyCondition present, Optional<ReadyCondition> before) {
        return present.ready()
                ? before.filter(condition -> !condition.ready()).isPresent()
                : before.filter(condition -> condition.message().equals(present.message()))
                        .isEmpty();
    }

    /** With the uid, so that nothing is said of another resource that has taken its name. */
    private static GenericKubernetesResource status(
            Known known, ReadyCondition condition, Optional<LastGood> lastGood) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", CatalogResource.GROUP + "/" + CatalogResource.VERSION)
                .put("kind", known.resource().id().kind().word());
        object.putObject("metadata").put("name", known.resource().id().name()).put("uid", known.uid());
        ObjectNode status = object.putObject("status");
        status.putArray("conditions").add(condition.json());
        lastGood.ifPresent(good -> status.set("lastGood", good.json()));
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
