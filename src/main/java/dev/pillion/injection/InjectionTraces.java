package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What shows that a Pod was injected when its status names no profile or cannot be read, for example because it is truncated. */
final class InjectionTraces {

    private InjectionTraces() {}

    /**
     * The same decision, or a denial when nobody can know whether it would leave parts of another request in the Pod.
     *
     * @param status the Pod's, which names no profile
     */
    static Decision checked(Decision decision, Pod pod, Status status, Catalog catalog) {
        if (!pod.annotations().containsKey(Annotations.STATUS) || decision instanceof Denied) {
            return decision;
        }
        boolean complete =
                decision instanceof Unchanged(Reason reason, var _) && reason.code() == Code.ALREADY_INJECTED;
        if (!status.unreadable) {
            return complete ? decision : checkedForUnlisted(decision, pod, status, catalog);
        }
        // Where everything is there that is requested, only the traces of other profiles show another request.
        Optional<String> found =
                complete ? container(pod, catalog, profile -> !decision.plan().has(profile)) : in(pod, catalog);
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
                        Code.CHANGED_REQUEST,
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
                        .filter(name -> name.startsWith(SharedDirectories.VOLUME_PREFIX))
                        .map(name -> "volume " + name)
                        .findFirst())
                .or(() -> container(pod, catalog, profile -> true));
    }

    /** @param profiles those whose companions count */
    private static Optional<String> container(Pod pod, Catalog catalog, Predicate<String> profiles) {
        Set<String> companions = catalog.profiles().stream()
                .filter(profile -> profiles.test(profile.name()))
                .flatMap(profile -> profile.containers().stream())
                .map(ContainerTemplate::name)
                .collect(Collectors.toSet());
        return pod.allContainers()
                .map(Container::name)
                .filter(companions::contains)
                .map(name -> "container " + name)
                .findFirst();
    }
}
