package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.SharedVolumeName;
import dev.pillion.injection.uninject.Definitions;
import dev.pillion.injection.uninject.UnlistedAdditions;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds traces of an injection in a Pod whose status names no profile or cannot be read, for example because it is truncated. */
final class InjectionTraces {

    private InjectionTraces() {}

    /**
     * The same decision, or a denial if parts of an earlier injection could remain in the Pod.
     *
     * @param status the Pod's status, which names no profile
     */
    static Decision checked(Decision decision, Pod pod, Status status, Catalog catalog) {
        if (!pod.annotations().containsKey(Annotations.STATUS) || decision instanceof Denied) {
            return decision;
        }
        boolean complete =
                decision instanceof Unchanged(Reason reason, var _) && reason.code() == ReasonCode.ALREADY_INJECTED;
        if (Status.read(pod).isPresent()) {
            return complete ? decision : checkedForUnlisted(decision, pod, status, catalog);
        }
        // If the Pod already has everything that it requests, only traces of other profiles show an earlier request.
        Optional<String> found = complete ? container(pod, catalog, planned(decision.plan())) : in(pod, catalog);
        return found.map(trace -> denial(Status.UNREADABLE, trace)).orElse(decision);
    }

    private static Decision checkedForUnlisted(Decision decision, Pod pod, Status status, Catalog catalog) {
        return UnlistedAdditions.in(pod, status, Definitions.of(status, catalog), catalog).stream()
                .findFirst()
                .map(unlisted -> denial("annotation " + Annotations.STATUS + " names no profile", unlisted.addition()))
                .orElse(decision);
    }

    private static Decision denial(String problem, String trace) {
        return new Denied(
                new Reason(
                        ReasonCode.CHANGED_REQUEST,
                        problem + ", and " + trace
                                + " seems to be injected; restore the annotation, or remove it and what was injected"),
                List.of());
    }

    private static Optional<String> in(Pod pod, Catalog catalog) {
        return pod.annotations().keySet().stream()
                .filter(name -> name.startsWith(Annotations.FILE_PREFIX))
                .map(name -> "annotation " + name)
                .findFirst()
                .or(() -> pod.volumes().keySet().stream()
                        .filter(name -> name.startsWith(SharedVolumeName.PREFIX))
                        .map(name -> "volume " + name)
                        .findFirst())
                .or(() -> container(pod, catalog, Set.of()));
    }

    private static Set<String> planned(Plan plan) {
        return plan.profiles().stream()
                .flatMap(profile -> profile.companions().stream())
                .map(Plan.Companion::name)
                .collect(Collectors.toSet());
    }

    /** @param planned the containers of the plan */
    private static Optional<String> container(Pod pod, Catalog catalog, Set<String> planned) {
        Set<String> companions = catalog.profiles().stream()
                .flatMap(profile -> profile.containers().stream())
                .map(ContainerTemplate::name)
                .collect(Collectors.toSet());
        return pod.allContainers()
                .map(Container::name)
                .filter(name -> !planned.contains(name))
                .filter(name -> companions.contains(name) || isOfInstance(name, companions))
                .map(name -> "container " + name)
                .findFirst();
    }

    /** The name of an instance's container starts with the name that the container has in the profile. */
    private static boolean isOfInstance(String name, Set<String> companions) {
        for (int hyphen = name.indexOf('-'); hyphen > 0; hyphen = name.indexOf('-', hyphen + 1)) {
            if (companions.contains(name.substring(0, hyphen))) {
                return true;
            }
        }
        return false;
    }
}
