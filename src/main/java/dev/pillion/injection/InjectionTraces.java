package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.SharedVolumeName;
import dev.pillion.injection.uninject.CompanionMatcher;
import dev.pillion.injection.uninject.Definitions;
import dev.pillion.injection.uninject.UnlistedAdditions;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
        CompanionMatcher companions = new CompanionMatcher(pod, catalog.profiles());
        // If the Pod already has everything that it requests, only traces of other profiles show an earlier request.
        Set<String> planned = complete ? planned(decision.plan()) : Set.of();
        Optional<String> found = (complete ? Optional.<String>empty() : ofReservedNames(pod))
                .or(() -> container(pod, planned, container -> companions
                        .profileOf(container)
                        .isPresent()));
        if (found.isPresent()) {
            return denial(Status.UNREADABLE, found.get());
        }
        return container(pod, planned(decision.plan()), container -> companions
                        .profileNaming(container.name())
                        .isPresent())
                .map(container -> withWarning(decision, container))
                .orElse(decision);
    }

    /** The status would show whether Pillion has added the container. */
    private static Decision withWarning(Decision decision, String container) {
        return decision.withWarning(new Reason(
                ReasonCode.STATUS_UNREADABLE,
                container
                        + " has the name of a companion, but another image or command, so Pillion treats the container as one of the app; annotation "
                        + Annotations.STATUS + " cannot be read"));
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
                                + " seems to be injected; restore the annotation, or remove the annotation and everything that was injected"),
                List.of());
    }

    private static Optional<String> ofReservedNames(Pod pod) {
        return pod.annotations().keySet().stream()
                .filter(name -> name.startsWith(Annotations.FILE_PREFIX))
                .map(name -> "annotation " + name)
                .findFirst()
                .or(() -> pod.volumes().keySet().stream()
                        .filter(name -> name.startsWith(SharedVolumeName.PREFIX))
                        .map(name -> "volume " + name)
                        .findFirst());
    }

    private static Set<String> planned(Plan plan) {
        return plan.profiles().stream()
                .flatMap(profile -> profile.companions().stream())
                .map(Plan.Companion::name)
                .collect(Collectors.toSet());
    }

    /** @param planned the containers of the plan */
    private static Optional<String> container(Pod pod, Set<String> planned, Predicate<Container> matches) {
        return pod.allContainers()
                .filter(container -> !planned.contains(container.name()))
                .filter(matches)
                .map(container -> "container " + container.name())
                .findFirst();
    }
}
