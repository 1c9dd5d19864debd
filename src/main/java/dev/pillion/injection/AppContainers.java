package dev.pillion.injection;

import dev.pillion.catalog.Profile;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.Rendered.Chosen;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the containers that are the app's own and get mounts and environment. */
final class AppContainers {

    private AppContainers() {}

    /**
     * The containers that the annotation names; without it all regular ones that are neither sidecars of other injectors nor ours. A Pod
     * has at least one: where all bear names of other injectors' sidecars, they are the app's own.
     */
    static List<Container> of(
            Pod pod, Requests requests, Status status, Collection<Chosen> chosen, Set<String> foreignSidecars)
            throws Denial {
        if (!requests.containers().isEmpty()) {
            return named(pod, requests.containers());
        }
        List<Container> others = new ArrayList<>();
        List<Container> own = new ArrayList<>();
        for (Container container : pod.containers()) {
            if (!isCompanion(container.name(), status, chosen)) {
                others.add(container);
                if (!foreignSidecars.contains(container.name())) {
                    own.add(container);
                }
            }
        }
        return own.isEmpty() ? others : own;
    }

    /**
     * A container of the app's that bears a companion's name is refused later, so nobody escapes by it; where names follow from
     * parameters, it takes the status to tell.
     */
    private static boolean isCompanion(String name, Status status, Collection<Chosen> chosen) {
        for (Chosen each : chosen) {
            Profile profile = each.profile();
            if (profile.namesSidecar(name) || (status.containers.contains(name) && profile.mayNameSidecar(name))) {
                return true;
            }
        }
        return false;
    }

    private static List<Container> named(Pod pod, List<String> names) throws Denial {
        Map<String, Container> byName = pod.containersByName();
        List<Container> containers = new ArrayList<>();
        for (String name : names) {
            Container container = byName.get(name);
            if (container == null) {
                throw new Denial(
                        Code.UNKNOWN_CONTAINER,
                        "annotation " + Annotations.CONTAINERS + ": the Pod has no container '" + Excerpt.of(name) + "'"
                                + Nearest.hint(name, byName.keySet()));
            }
            containers.add(container);
        }
        return containers;
    }
}
