package dev.pillion.injection.select;

import dev.pillion.catalog.Profile;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.injection.settings.KnownSidecars;
import dev.pillion.pod.Container;
import dev.pillion.pod.ImageMirrors;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The app's containers.
 *
 * @param targets the containers that get mounts and variables; the first one is the app, whose image, ports and user companions use
 * @param warnings about annotations that name containers and have no effect
 */
public record AppContainers(List<Container> targets, List<Reason> warnings) {

    /**
     * The containers that the annotation names, or all regular ones that are neither third-party sidecars nor companions. If all look like
     * third-party sidecars, they count as the app.
     */
    public static AppContainers of(
            Pod pod, Requests requests, Status status, Collection<Chosen> chosen, InjectionSettings settings)
            throws DeniedException {
        if (!requests.containers().isEmpty()) {
            return new AppContainers(selected(pod, requests.containers(), Annotations.CONTAINERS), List.of());
        }
        KnownSidecars known = settings.knownSidecars();
        boolean enforced = chosen.stream().anyMatch(Chosen::enforced);
        ImageMirrors images = settings.images();
        List<Container> others = new ArrayList<>();
        List<Container> own = new ArrayList<>();
        for (Container container : pod.containers()) {
            if (!isCompanion(container.name(), status, chosen)) {
                others.add(container);
                // The author of the Pod chooses the names, so an enforced profile adds to every container whose image
                // is not verified.
                if (!(enforced ? known.verify(container, images) : known.contains(container))) {
                    own.add(container);
                }
            }
        }
        List<Container> targets = own.isEmpty() ? others : own;
        if (targets.isEmpty()) {
            return new AppContainers(targets, List.of());
        }
        List<Container> candidates =
                targets.stream().filter(target -> !known.contains(target)).toList();
        Container app = defaultContainer(pod, candidates)
                .orElseGet(() -> (candidates.isEmpty() ? targets : candidates).getFirst());
        return new AppContainers(startingWith(app, targets), unknownDefaultContainer(pod, app));
    }

    /** The containers that the Pod selects for one profile, or those for all profiles. */
    public List<Container> targetsOf(String profile, Pod pod, Requests requests) throws DeniedException {
        Requests.Selection selection = requests.selections().get(profile);
        return selection == null ? targets : selected(pod, selection.names(), selection.annotation());
    }

    private static List<Container> selected(Pod pod, List<String> names, String annotation) throws DeniedException {
        List<Container> named = named(pod, names, annotation);
        Optional<Container> main = defaultContainer(pod, named);
        return startingWith(main.orElse(named.getFirst()), named);
    }

    /** The container that {@code kubectl} selects. Anyone may write the annotation: a second pass and the final check read the same. */
    private static Optional<Container> defaultContainer(Pod pod, List<Container> candidates) {
        String name = pod.annotations().getOrDefault(Annotations.DEFAULT_CONTAINER, "");
        return candidates.stream()
                .filter(container -> container.name().equals(name))
                .findFirst();
    }

    /** {@code kubectl} may select a companion or a third-party sidecar. A container that does not exist is a mistake. */
    private static List<Reason> unknownDefaultContainer(Pod pod, Container app) {
        String name = pod.annotations().getOrDefault(Annotations.DEFAULT_CONTAINER, "");
        boolean regular =
                pod.containers().stream().anyMatch(container -> container.name().equals(name));
        if (name.isEmpty() || regular) {
            return List.of();
        }
        boolean init = pod.initContainers().stream()
                .anyMatch(container -> container.name().equals(name));
        return List.of(new Reason(
                ReasonCode.DEFAULT_CONTAINER_IGNORED,
                "annotation " + Annotations.DEFAULT_CONTAINER + " names "
                        + (init
                                ? "init container '" + Excerpt.of(name) + "', which is not the app"
                                : "'" + Excerpt.of(name) + "', and the Pod has no such container")
                        + "; container " + Excerpt.of(app.name()) + " counts as the app"));
    }

    private static List<Container> startingWith(Container app, List<Container> containers) {
        if (containers.getFirst() == app) {
            return containers;
        }
        List<Container> ordered = new ArrayList<>(containers.size());
        ordered.add(app);
        for (Container container : containers) {
            if (container != app) {
                ordered.add(container);
            }
        }
        return ordered;
    }

    /**
     * Whether a container has the name of a companion. A container of the app with such a name is denied later. If the name depends on
     * parameters, the status must list the container.
     */
    private static boolean isCompanion(String name, Status status, Collection<Chosen> chosen) {
        for (Chosen each : chosen) {
            Profile profile = each.profile();
            if (profile.namesSidecar(name) || (status.containers().contains(name) && profile.mayNameSidecar(name))) {
                return true;
            }
        }
        return false;
    }

    private static List<Container> named(Pod pod, List<String> names, String annotation) throws DeniedException {
        Map<String, Container> byName = pod.containersByName();
        List<Container> containers = new ArrayList<>();
        DenialCollector mistakes = new DenialCollector();
        for (String name : names) {
            Container container = byName.get(name);
            if (container == null) {
                mistakes.add(() -> new DeniedException(
                        ReasonCode.UNKNOWN_CONTAINER,
                        "annotation " + annotation + ": the Pod has no container '" + Excerpt.of(name) + "'"
                                + Nearest.hint(name, byName.keySet())));
            } else {
                containers.add(container);
            }
        }
        mistakes.check();
        return containers;
    }
}
