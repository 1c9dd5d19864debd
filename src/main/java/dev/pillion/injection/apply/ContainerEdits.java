package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
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
import org.jspecify.annotations.Nullable;

/** Adds the companions' containers, each where its order puts it among those that are there. */
final class ContainerEdits {

    private final PodEdit edit;
    private final Set<String> added = new HashSet<>();
    private final Map<String, Companion> claims = new HashMap<>();
    private @Nullable Map<String, Container> present;
    private boolean outOfDate;

    ContainerEdits(PodEdit edit) {
        this.edit = edit;
    }

    /** The names of those that had to be added so far. */
    Set<String> added() {
        return added;
    }

    /**
     * Whether one of an earlier pass, which is left as it is, stands in another list or order than it would now, or inherited what the app
     * has since set otherwise.
     */
    boolean outOfDate() {
        return outOfDate;
    }

    /**
     * Adds those of one list that are not there.
     *
     * @param wanted all companions of the list, present ones too, in their order
     * @return the names of all containers of the list, in the order in which they then stand
     */
    List<String> add(ContainerList list, List<Companion> wanted) throws DeniedException {
        Map<String, Companion> byName = new HashMap<>();
        wanted.forEach(companion -> byName.putIfAbsent(companion.name(), companion));
        Slots slots = new Slots();
        for (Container container : edit.pod().list(list)) {
            slots.append(container.name(), byName.get(container.name()));
        }
        outOfDate |= !slots.inOrder();
        for (Companion companion : wanted) {
            Companion other = claims.putIfAbsent(companion.name(), companion);
            if (other != null) {
                throw sameName(other, companion);
            }
            if (!isThere(companion, list)) {
                int index = slots.add(companion);
                edit.patch().insert(Pointer.of("spec", list.field()), index, companion.tree());
                edit.status().list(list).add(companion.name());
                edit.record(AddedParts.container(companion.name()), AdditionHash.ofContainer(companion.tree()));
                added.add(companion.name());
            }
        }
        return slots.names();
    }

    private static DeniedException sameName(Companion one, Companion other) {
        return DeniedException.of(
                List.of(one.chosen().request(), other.chosen().request()),
                ReasonCode.NAME_TAKEN,
                "that would add two containers called '" + other.name() + "'; "
                        + (one.profile().equals(other.profile())
                                ? "the values that it is repeated for must give different names"
                                : "request only one of them"));
    }

    private boolean isThere(Companion companion, ContainerList list) throws DeniedException {
        String name = companion.name();
        Optional<Container> present = Optional.ofNullable(present().get(name));
        if (present.isEmpty() && !edit.pod().ephemeralContainers().contains(name)) {
            return false;
        }
        if (present.isPresent()) {
            ContainerList where = present.get().list();
            if (edit.earlier().list(where).contains(name)) {
                edit.status().list(where).add(name);
                edit.recordAgain(AddedParts.container(name), () -> AdditionHash.ofContainer(companion.tree()));
                outOfDate |= where != list || hasInheritedOther(companion, present.get());
                return true;
            }
            if (where == list
                    && edit.presence().holds(companion.tree(), present.get().tree())) {
                return true;
            }
        }
        throw DeniedException.of(
                companion.chosen().request(),
                ReasonCode.NAME_TAKEN,
                "the Pod has another container called '" + name + "', the name of the profile's container; rename it");
    }

    /** What others add to a container is no difference, here as everywhere. */
    private boolean hasInheritedOther(Companion companion, Container present) {
        for (Inherited inherited : companion.template().inherited()) {
            JsonNode now = companion.tree().path(inherited.field());
            JsonNode then = present.tree().path(inherited.field());
            boolean differs =
                    switch (inherited) {
                        case IMAGE -> !edit.presence().holds(now, then);
                        case ENV -> edit.presence().contradicts(now, then, "name");
                        case VOLUME_MOUNTS -> edit.presence().contradicts(now, then, "mountPath");
                        case VOLUME_DEVICES -> edit.presence().contradicts(now, then, "devicePath");
                        case ENV_FROM -> false;
                    };
            if (differs) {
                return true;
            }
        }
        return false;
    }

    private Map<String, Container> present() {
        if (present == null) {
            present = edit.pod().containersByName();
        }
        return present;
    }

    /** The containers of one list in their order. The companions among them are kept apart, since only they decide on the next one's place. */
    private static final class Slots {

        private final List<String> names = new ArrayList<>();
        private final List<Slot> companions = new ArrayList<>();

        List<String> names() {
            return List.copyOf(names);
        }

        void append(String name, @Nullable Companion companion) {
            if (companion != null) {
                companions.add(new Slot(companion, names.size()));
            }
            names.add(name);
        }

        /** Whether the companions that were there stand in their order, on each side of the Pod's own containers. */
        boolean inOrder() {
            for (int slot = 1; slot < companions.size(); slot++) {
                if (Companion.ORDER.compare(companions.get(slot - 1).companion, companions.get(slot).companion) > 0) {
                    return false;
                }
            }
            return true;
        }

        /** Puts a companion in its place; the index that it has then. */
        int add(Companion companion) {
            int index = placeOf(companion);
            int next = companions.size();
            for (int slot = companions.size() - 1; slot >= 0; slot--) {
                Slot other = companions.get(slot);
                if (other.index >= index) {
                    companions.set(slot, new Slot(other.companion, other.index + 1));
                    next = slot;
                }
            }
            companions.add(next, new Slot(companion, index));
            names.add(index, companion.name());
            return index;
        }

        /**
         * Next to the companions on its side of the Pod's own containers, wherever other webhooks have put theirs in between; where
         * it is the first on its side, at that end of the list.
         */
        private int placeOf(Companion companion) {
            int afterEarlier = -1;
            int beforeLater = -1;
            for (Slot other : companions) {
                if (isBeforeOwn(other.companion) == isBeforeOwn(companion)) {
                    if (Companion.ORDER.compare(other.companion, companion) < 0) {
                        afterEarlier = other.index + 1;
                    } else if (beforeLater < 0) {
                        beforeLater = other.index;
                    }
                }
            }
            if (afterEarlier >= 0) {
                return afterEarlier;
            }
            return beforeLater >= 0 ? beforeLater : isBeforeOwn(companion) ? 0 : names.size();
        }

        private static boolean isBeforeOwn(Companion companion) {
            return companion.order() < ContainerTemplate.OWN_ORDER;
        }

        /** A companion and its index in the list. */
        private record Slot(Companion companion, int index) {}
    }
}
