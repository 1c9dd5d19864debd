package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.SpecValue;
import dev.pillion.injection.plan.Status;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Compares the status of an earlier pass with that of a later one, for the same Pod. */
public record StatusComparison(Status earlier, Pod pod) {

    /** How the request differs from the recorded one; empty when both are the same, even if another source requests the profile. */
    public static Optional<String> change(Status earlier, Status now) {
        for (Map.Entry<String, Status.Given> then : earlier.profiles().entrySet()) {
            String name = "'" + then.getKey() + "'";
            Optional<String> change = difference(
                            then.getValue(), Optional.ofNullable(now.profiles().get(then.getKey())))
                    .map(difference -> switch (difference) {
                        case GONE -> name + " was injected before and would not be injected now";
                        case GENERATION -> "another generation of " + name + " was injected before";
                        case REQUEST -> name + " was injected with other values or for other containers before";
                    });
            if (change.isPresent()) {
                return change;
            }
        }
        for (String name : now.profiles().keySet()) {
            if (!earlier.profiles().containsKey(name)) {
                return Optional.of("'" + name + "' was not injected before");
            }
        }
        return List.copyOf(earlier.profiles().keySet())
                        .equals(List.copyOf(now.profiles().keySet()))
                ? Optional.empty()
                : Optional.of("the profiles were injected in another order before");
    }

    /** How a profile of an earlier status differs from the same profile of a later one. */
    public enum Difference {
        /** The later status does not have it. */
        GONE,
        /** It has another generation. */
        GENERATION,
        /** It was injected with other values, or for other containers. */
        REQUEST
    }

    /** @param now empty if the later status does not have the profile */
    public static Optional<Difference> difference(Status.Given then, Optional<Status.Given> now) {
        if (now.isEmpty()) {
            return Optional.of(Difference.GONE);
        }
        if (!Objects.equals(now.get().generation(), then.generation())) {
            return Optional.of(Difference.GENERATION);
        }
        return Objects.equals(now.get().request(), then.request()) ? Optional.empty() : Optional.of(Difference.REQUEST);
    }

    /** Whether no recorded value differs. Older statuses record fewer values. */
    public static boolean mayBeSame(Status earlier, Status now) {
        return List.copyOf(earlier.profiles().keySet())
                        .equals(List.copyOf(now.profiles().keySet()))
                && earlier.profiles().entrySet().stream().allMatch(then -> {
                    Status.Given given = Objects.requireNonNull(now.profiles().get(then.getKey()));
                    return Objects.equals(then.getValue().generation(), given.generation())
                            && (then.getValue().request() == null
                                    || then.getValue().request().equals(given.request()));
                });
    }

    /** Whether two statuses list the same additions. */
    public static boolean listSame(Status one, Status other) {
        return one.initContainers().equals(other.initContainers())
                && one.containers().equals(other.containers())
                && one.volumes().equals(other.volumes())
                && one.volumeMounts().equals(other.volumeMounts())
                && one.env().equals(other.env())
                && one.envFrom().equals(other.envFrom())
                && one.labels().equals(other.labels())
                && one.annotations().equals(other.annotations())
                && one.imagePullSecrets().equals(other.imagePullSecrets())
                && one.podFields().equals(other.podFields())
                && one.podElements().equals(other.podElements())
                && one.safeToEvict().equals(other.safeToEvict());
    }

    /** Whether all additions that both statuses record are the same. */
    public static boolean renderSame(Status earlier, Status now) {
        return now.hashes().entrySet().stream().allMatch(owner -> {
            Map<String, String> then = earlier.hashes().getOrDefault(owner.getKey(), owner.getValue());
            return owner.getValue().entrySet().stream()
                    .allMatch(part ->
                            then.getOrDefault(part.getKey(), part.getValue()).equals(part.getValue()));
        });
    }

    /** Whether the Pod still has an addition that the earlier status lists and the later one does not. */
    public boolean loses(Status now) {
        return losesContainer(now)
                || losesOf(earlier.volumes(), now.volumes(), pod.volumes().keySet())
                || losesOf(earlier.labels(), now.labels(), pod.labels().keySet())
                || losesOf(
                        earlier.annotations(),
                        now.annotations(),
                        pod.annotations().keySet())
                || losesSecret(now)
                || PodSpecUndo.losesAny(earlier, now, pod)
                || losesInContainers(now)
                || !Removable.ofRenamedContainers(earlier, pod).isEmpty();
    }

    private boolean losesContainer(Status now) {
        for (ContainerList list : ContainerList.values()) {
            for (Container container : pod.list(list)) {
                if (earlier.list(list).contains(container.name())
                        && !now.list(list).contains(container.name())) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean losesSecret(Status now) {
        Set<String> present = new HashSet<>();
        pod.spec("imagePullSecrets")
                .forEach(secret -> present.add(secret.path("name").asText()));
        return losesOf(earlier.imagePullSecrets(), now.imagePullSecrets(), present);
    }

    private boolean losesInContainers(Status now) {
        for (Container container : (Iterable<Container>) pod.allContainers()::iterator) {
            String name = container.name();
            List<String> directories = new ArrayList<>();
            container.volumeMounts().forEach(mount -> directories.add(mount.directory()));
            if (losesOf(of(earlier.volumeMounts(), name), of(now.volumeMounts(), name), directories)
                    || losesOf(of(earlier.env(), name), of(now.env(), name), container.environment())
                    || losesSource(
                            of(earlier.envFrom(), name),
                            of(now.envFrom(), name),
                            container.tree().path("envFrom"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean losesSource(Set<JsonNode> earlier, Set<JsonNode> now, JsonNode present) {
        DistinctValues lost = DistinctValues.of(earlier);
        lost.removeAll(DistinctValues.of(now));
        return !lost.isEmpty() && present.valueStream().map(SpecValue::of).anyMatch(lost::contains);
    }

    private static <T> Set<T> of(Map<String, Set<T>> listed, String container) {
        return listed.getOrDefault(container, Set.of());
    }

    private static <T> boolean losesOf(Set<T> earlier, Set<T> now, Collection<T> present) {
        if (now.containsAll(earlier)) {
            return false;
        }
        for (T each : present) {
            if (earlier.contains(each) && !now.contains(each)) {
                return true;
            }
        }
        return false;
    }
}
