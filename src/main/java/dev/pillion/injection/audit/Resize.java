package dev.pillion.injection.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.plan.Status;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Other resources for a sidecar of a live Pod. Kubernetes can change the requests and limits of cpu and memory (ValidatePodResize, from 1.33).
 *
 * @param present the {@code resources} of the container
 * @param needed the {@code resources} of the container in a Pod that is created now
 */
public record Resize(ContainerList list, String container, JsonNode present, JsonNode needed) {

    private static final String RESOURCES = InPlaceUpdate.RESOURCES;
    private static final List<String> KINDS = List.of("requests", "limits");
    private static final Set<String> RESIZABLE = Set.of("cpu", "memory");

    /**
     * A request or limit that differs.
     *
     * @param resource for example {@code limits.memory}
     * @param present empty if the container has none
     */
    public record Change(String resource, Optional<String> present, String needed) {

        /** For example {@code limits.memory 128Mi instead of 64Mi}. */
        @Override
        public String toString() {
            return resource + " " + needed + " instead of " + present.orElse("none");
        }
    }

    /**
     * The sidecars of a Pod whose resources in the profile have changed; empty if Kubernetes cannot change them in a live Pod.
     *
     * @param replaced the Pod as it would be created now, with the same containers
     */
    static Optional<List<Resize>> between(Pod pod, Status earlier, Pod replaced, Status now) {
        List<Resize> resizes = new ArrayList<>();
        for (ContainerList list : ContainerList.values()) {
            for (Container container : pod.list(list)) {
                String owner = AddedParts.container(container);
                if (!InPlaceUpdate.hash(earlier, owner, RESOURCES).equals(InPlaceUpdate.hash(now, owner, RESOURCES))) {
                    Resize resize = of(
                            list,
                            container.name(),
                            container.tree().path(RESOURCES),
                            replaced.list(list).get(container.index()).tree().path(RESOURCES));
                    boolean isSidecar = list == ContainerList.CONTAINERS || container.nativeSidecar();
                    if (!isSidecar || !resize.isPossible()) {
                        return Optional.empty();
                    }
                    resizes.add(resize);
                }
            }
        }
        return Optional.of(resizes);
    }

    /** @param rendered the {@code resources} in the profile, without the defaults of the API server */
    private static Resize of(ContainerList list, String container, JsonNode present, JsonNode rendered) {
        return new Resize(list, container, present, withDefaults(rendered));
    }

    /** A container with a limit and without a request gets a request of the same amount (SetDefaults_Pod). */
    private static JsonNode withDefaults(JsonNode rendered) {
        if (!(rendered instanceof ObjectNode resources)
                || !(resources.path("limits") instanceof ObjectNode limits)
                || limits.isEmpty()) {
            return rendered;
        }
        ObjectNode copy = resources.deepCopy();
        ObjectNode requests = copy.withObjectProperty("requests");
        limits.properties().forEach(limit -> {
            if (!requests.has(limit.getKey())) {
                requests.set(limit.getKey(), limit.getValue());
            }
        });
        return copy;
    }

    /** Whether Kubernetes can change the resources, unless the Pod's QoS class would change. Requests and limits cannot be removed. */
    boolean isPossible() {
        return KINDS.stream().allMatch(this::isPossible)
                && present.path("claims").equals(needed.path("claims"));
    }

    private boolean isPossible(String kind) {
        return present.path(kind).properties().stream()
                        .allMatch(amount -> needed.path(kind).has(amount.getKey()))
                && needed.path(kind).properties().stream()
                        .allMatch(amount -> RESIZABLE.contains(amount.getKey()) || isPresent(kind, amount));
    }

    private boolean isPresent(String kind, Map.Entry<String, JsonNode> amount) {
        return Quantity.same(
                present.path(kind).path(amount.getKey()).asText(),
                amount.getValue().asText());
    }

    /** The requests and limits that differ. They are empty if the Pod has the new ones, which the kubelet may not have applied yet. */
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (String kind : KINDS) {
            for (Map.Entry<String, JsonNode> amount : needed.path(kind).properties()) {
                if (!isPresent(kind, amount)) {
                    JsonNode before = present.path(kind).path(amount.getKey());
                    changes.add(new Change(
                            kind + "." + amount.getKey(),
                            before.isMissingNode() ? Optional.empty() : Optional.of(before.asText()),
                            amount.getValue().asText()));
                }
            }
        }
        return changes;
    }

    /** Whether the Pod's spec has the new resources. */
    public boolean isRequested() {
        return changes().isEmpty();
    }
}
