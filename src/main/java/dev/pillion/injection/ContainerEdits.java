package dev.pillion.injection;

import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.injection.Rendered.Companion;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds the companions' containers, each where its order puts it among those that are there. */
final class ContainerEdits {

    private final Edit edit;
    private final Set<String> added = new HashSet<>();
    private final Map<String, Companion> claims = new HashMap<>();

    ContainerEdits(Edit edit) {
        this.edit = edit;
    }

    /** The names of those that had to be added so far. */
    Set<String> added() {
        return added;
    }

    /**
     * Adds those of one list that are not there.
     *
     * @param wanted all companions of the list, present ones too, in their order
     * @return the names of all containers of the list, in the order in which they then stand
     */
    List<String> add(ContainerList list, List<Companion> wanted) throws Denial {
        List<Slot> slots = new ArrayList<>();
        for (Container container : edit.pod().list(list)) {
            slots.add(new Slot(container.name(), called(container.name(), wanted)));
        }
        for (Companion companion : wanted) {
            Companion other = claims.putIfAbsent(companion.name(), companion);
            if (other != null) {
                throw sameName(other, companion);
            }
            if (!isThere(companion, list)) {
                Slot slot = new Slot(companion.name(), Optional.of(companion));
                int index = slot.placeIn(slots);
                edit.patch().insert(Pointer.of("spec", list.field()), index, companion.tree());
                edit.status().list(list).add(companion.name());
                slots.add(index, slot);
                added.add(companion.name());
            }
        }
        return slots.stream().map(Slot::name).toList();
    }

    private static Denial sameName(Companion one, Companion other) {
        return Denial.of(
                List.of(one.chosen().request(), other.chosen().request()),
                Code.NAME_TAKEN,
                "that would add two containers called '" + other.name() + "'; "
                        + (one.profile().equals(other.profile())
                                ? "the values that it is repeated for must give different names"
                                : "request only one of them"));
    }

    private boolean isThere(Companion companion, ContainerList list) throws Denial {
        String name = companion.name();
        Optional<Container> present = edit.pod().container(name);
        if (present.isEmpty() && !edit.pod().ephemeralContainers().contains(name)) {
            return false;
        }
        if (present.isPresent()) {
            ContainerList where = present.get().list();
            if (edit.earlier().list(where).contains(name)) {
                edit.status().list(where).add(name);
                return true;
            }
            if (where == list
                    && edit.presence().holds(companion.tree(), present.get().tree())) {
                return true;
            }
        }
        throw Denial.of(
                companion.chosen().request(),
                Code.NAME_TAKEN,
                "the Pod has another container called '" + name + "', the name of the profile's container; rename it");
    }

    private static Optional<Companion> called(String name, List<Companion> companions) {
        for (Companion companion : companions) {
            if (companion.name().equals(name)) {
                return Optional.of(companion);
            }
        }
        return Optional.empty();
    }

    /** A container's place in the order; one of the Pod's own is no companion. */
    private record Slot(String name, Optional<Companion> companion) {

        int order() {
            return companion.map(found -> found.template().order()).orElse(ContainerTemplate.OWN_ORDER);
        }

        /**
         * Next to the companions on its side of the Pod's own containers, wherever other webhooks have put theirs in between; where
         * it is the first on its side, at that end of the list.
         */
        int placeIn(List<Slot> slots) {
            int afterEarlier = -1;
            int beforeLater = -1;
            for (int index = 0; index < slots.size(); index++) {
                Slot other = slots.get(index);
                if (isBesides(other)) {
                    if (other.isBefore(this)) {
                        afterEarlier = index + 1;
                    } else if (beforeLater < 0) {
                        beforeLater = index;
                    }
                }
            }
            if (afterEarlier >= 0) {
                return afterEarlier;
            }
            return beforeLater >= 0 ? beforeLater : isBeforeOwn() ? 0 : slots.size();
        }

        private boolean isBesides(Slot other) {
            return other.companion.isPresent() && other.isBeforeOwn() == isBeforeOwn();
        }

        private boolean isBeforeOwn() {
            return order() < ContainerTemplate.OWN_ORDER;
        }

        private boolean isBefore(Slot other) {
            return Companion.ORDER.compare(companion.orElseThrow(), other.companion.orElseThrow()) < 0;
        }
    }
}
