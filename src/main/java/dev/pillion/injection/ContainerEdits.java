package dev.pillion.injection;

import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.injection.Rendered.Companion;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds the companions' containers, each where its order puts it among those that are there. */
final class ContainerEdits {

    private final Edit edit;
    private final List<Companion> added = new ArrayList<>();

    ContainerEdits(Edit edit) {
        this.edit = edit;
    }

    /** Those that had to be added so far. */
    List<Companion> added() {
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
            if (!edit.claim("container " + companion.name())) {
                throw new Denial(
                        Code.NAME_TAKEN,
                        "two of the profiles add a container called '" + companion.name() + "'; ask for one of them");
            }
            if (!isThere(companion, list)) {
                Slot slot = new Slot(companion.name(), Optional.of(companion));
                int index = slot.placeIn(slots);
                edit.patch().insert(Pointer.of("spec", list.field()), index, companion.tree());
                edit.status().list(list).add(companion.name());
                slots.add(index, slot);
                added.add(companion);
            }
        }
        return slots.stream().map(Slot::name).toList();
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
            if (where == list && Presence.holds(companion.tree(), present.get().tree())) {
                return true;
            }
        }
        throw new Denial(
                Code.NAME_TAKEN,
                "the Pod has a container called '" + name + "', the name that profile '"
                        + companion.profile().name() + "' gives to its own; rename it");
    }

    private static Optional<Companion> called(String name, List<Companion> companions) {
        return companions.stream()
                .filter(companion -> companion.name().equals(name))
                .findFirst();
    }

    /** A container's place in the order; one of the Pod's own is no companion. */
    private record Slot(String name, Optional<Companion> companion) {

        int order() {
            return companion.map(found -> found.template().order()).orElse(ContainerTemplate.OWN_ORDER);
        }

        /** Before the first that comes later; what comes after the Pod's own goes after the last that comes earlier. */
        int placeIn(List<Slot> slots) {
            if (order() < ContainerTemplate.OWN_ORDER) {
                int index = 0;
                while (index < slots.size() && slots.get(index).isBefore(this)) {
                    index++;
                }
                return index;
            }
            int index = slots.size();
            while (index > 0 && !slots.get(index - 1).isBefore(this)) {
                index--;
            }
            return index;
        }

        private boolean isBefore(Slot other) {
            if (companion.isPresent() && other.companion.isPresent()) {
                return Companion.ORDER.compare(companion.get(), other.companion.get()) < 0;
            }
            return order() < other.order() || (order() == other.order() && companion.isEmpty());
        }
    }
}
