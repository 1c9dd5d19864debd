package dev.pillion.injection.apply;

import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The containers of one list, in their order. Only the companions among them determine where the next companion goes. */
final class ContainerSlots {

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

    /** Whether the companions that were present are in their order, before and after the Pod's own containers. */
    boolean inOrder() {
        for (int slot = 1; slot < companions.size(); slot++) {
            if (Companion.ORDER.compare(companions.get(slot - 1).companion, companions.get(slot).companion) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Inserts a companion in its order, and returns its index. */
    int add(Companion companion) {
        int index = indexFor(companion);
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
     * Next to the companions on the same side of the Pod's own containers, wherever other webhooks have inserted theirs. The first
     * companion on a side goes to that end of the list.
     */
    private int indexFor(Companion companion) {
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
