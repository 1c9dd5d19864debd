package dev.pillion.injection.comply;

import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds companions that start too late or too early among the init containers: an init container of the app that starts before a proxy would
 * bypass it. Containers of other injectors may be at any position if both their name and image are known, since the app could use the name.
 *
 * @param others profiles of the Pod that are not enforced; their containers have their own order
 * @param settings lists other injectors' containers
 */
record StartOrder(List<Profile> others, InjectionSettings settings) {

    /** A companion at a wrong position, and the container that it should start before or after. */
    record Misplaced(Companion companion, String message) {}

    /** The first companion at a wrong position. */
    Optional<Misplaced> misplaced(Pod pod, List<Companion> companions) {
        Map<String, Companion> byName = new HashMap<>();
        List<Companion> expected = new ArrayList<>();
        for (Companion companion : companions) {
            if (companion.list(companion.tree().has("restartPolicy")) == ContainerList.INIT_CONTAINERS) {
                byName.put(companion.name(), companion);
                expected.add(companion);
            }
        }
        if (expected.isEmpty()) {
            return Optional.empty();
        }
        List<Slot> slots = new ArrayList<>();
        Set<String> present = new HashSet<>();
        for (Container container : pod.initContainers()) {
            slots.add(new Slot(
                    container.name(),
                    Optional.ofNullable(byName.get(container.name())),
                    settings.knownSidecars().verify(container, settings.images())));
            present.add(container.name());
        }
        expected.removeIf(companion -> !present.contains(companion.name()));
        expected.sort(Companion.ORDER);
        return amongCompanions(slots, expected).or(() -> startingLate(slots)).or(() -> startingEarly(slots));
    }

    private static Optional<Misplaced> amongCompanions(List<Slot> slots, List<Companion> expected) {
        int next = 0;
        for (Slot slot : slots) {
            if (slot.companion().isPresent()) {
                if (next == expected.size()) {
                    return Optional.of(new Misplaced(slot.companion().get(), "is in the Pod twice"));
                }
                String other = expected.get(next++).name();
                if (!slot.name().equals(other)) {
                    return Optional.of(new Misplaced(slot.companion().get(), "starts before container " + other));
                }
            }
        }
        return Optional.empty();
    }

    /** A companion that starts before the Pod's own init containers may only follow containers with a lower or equal order. */
    private Optional<Misplaced> startingLate(List<Slot> slots) {
        List<Slot> before = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot.companion().isEmpty()) {
                if (!slot.thirdParty()) {
                    before.add(slot);
                }
                continue;
            }
            int order = slot.companion().get().order();
            if (order < ContainerTemplate.OWN_ORDER) {
                // A container that may precede one companion may precede all later ones, since companions are in their
                // order.
                before.removeIf(other -> isOrderedBefore(other.name(), order));
                if (!before.isEmpty()) {
                    return Optional.of(new Misplaced(
                            slot.companion().get(),
                            "starts after container " + before.getFirst().name()));
                }
            }
        }
        return Optional.empty();
    }

    /** A companion that runs after the Pod's own init containers. A sidecar may start earlier. */
    private Optional<Misplaced> startingEarly(List<Slot> slots) {
        for (int index = slots.size() - 1; index >= 0; index--) {
            Slot last = slots.get(index);
            if (last.companion().isEmpty() && !last.thirdParty() && !isOrderedBefore(last.name(), Integer.MAX_VALUE)) {
                return slots.subList(0, index).stream()
                        .flatMap(slot -> slot.companion().stream())
                        .filter(each -> !each.template().isSidecar() && each.order() > ContainerTemplate.OWN_ORDER)
                        .findFirst()
                        .map(each -> new Misplaced(each, "starts before the Pod's own init containers"));
            }
        }
        return Optional.empty();
    }

    private boolean isOrderedBefore(String name, int order) {
        return others.stream().anyMatch(profile -> profile.containers().stream()
                .anyMatch(template -> (template.orderOf().isPresent() || template.order() <= order)
                        && profile.mayName(template, name)));
    }

    private record Slot(String name, Optional<Companion> companion, boolean thirdParty) {}
}
