package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds the companions' containers, each at the index that its order determines. */
final class ContainerEdits {

    private final PodEdit edit;
    private final Set<String> added = new HashSet<>();
    private final Map<String, Companion> claims = new HashMap<>();
    private @Nullable Map<String, Container> present;
    private boolean outOfDate;

    ContainerEdits(PodEdit edit) {
        this.edit = edit;
    }

    /** The names of the containers that were added. */
    Set<String> added() {
        return added;
    }

    /**
     * Whether a companion of an earlier pass, which stays as it is, would now be in another list or position, or would inherit other values
     * from the app.
     */
    boolean outOfDate() {
        return outOfDate;
    }

    /**
     * Adds the companions of one list that the Pod does not have.
     *
     * @param companions all companions of the list in their order, including those that are present
     * @return the names of all containers of the resulting list, in their order
     */
    List<String> add(ContainerList list, List<Companion> companions) throws DeniedException {
        Map<String, Companion> byName = new HashMap<>();
        companions.forEach(companion -> byName.putIfAbsent(companion.name(), companion));
        ContainerSlots slots = new ContainerSlots();
        for (Container container : edit.pod().list(list)) {
            slots.append(container.name(), byName.get(container.name()));
        }
        outOfDate |= !slots.inOrder();
        for (Companion companion : companions) {
            Companion other = claims.putIfAbsent(companion.name(), companion);
            if (other != null) {
                throw sameName(other, companion);
            }
            if (!isPresent(companion, list)) {
                int index = slots.add(companion);
                edit.patch().insert(Pointer.of("spec", list.field()), index, companion.tree());
                edit.status().list(list).add(companion.name());
                edit.record(AddedParts.container(list, companion.name()), AdditionHash.ofContainer(companion.tree()));
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
                                ? "each element of its forEach must give a different name"
                                : "request only one of them"));
    }

    private boolean isPresent(Companion companion, ContainerList list) throws DeniedException {
        String name = companion.name();
        Optional<Container> present = Optional.ofNullable(present().get(name));
        if (present.isEmpty() && !edit.pod().ephemeralContainers().contains(name)) {
            return false;
        }
        if (present.isPresent()) {
            ContainerList where = present.get().list();
            if (edit.earlier().list(where).contains(name)) {
                edit.status().list(where).add(name);
                edit.recordEarlier(
                        AddedParts.container(present.get()), () -> AdditionHash.ofContainer(companion.tree()));
                outOfDate |= where != list || inheritsDifferently(companion, present.get());
                return true;
            }
            if (where == list
                    && edit.matcher().matches(companion.tree(), present.get().tree())) {
                return true;
            }
        }
        throw DeniedException.of(
                companion.chosen().request(),
                ReasonCode.NAME_TAKEN,
                "the Pod has another container called '" + name + "', the name of the profile's container; rename it");
    }

    /** Elements that other webhooks added to the companion are not a difference. */
    private boolean inheritsDifferently(Companion companion, Container present) {
        for (Inherited inherited : companion.template().inherited()) {
            JsonNode now = companion.tree().path(inherited.field());
            JsonNode then = present.tree().path(inherited.field());
            boolean differs =
                    switch (inherited) {
                        case IMAGE -> !edit.matcher().matches(now, then);
                        case ENV -> edit.matcher().contradicts(now, then, "name");
                        case VOLUME_MOUNTS -> edit.matcher().contradicts(now, then, "mountPath");
                        case VOLUME_DEVICES -> edit.matcher().contradicts(now, then, "devicePath");
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
}
