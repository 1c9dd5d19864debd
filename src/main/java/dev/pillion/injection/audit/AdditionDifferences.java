package dev.pillion.injection.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Companion;
import dev.pillion.injection.plan.Status;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The differences between the additions that a Pod has and those that it would have now. The hashes in both statuses show which parts differ,
 * so fields that the API server adds are no differences. A status without hashes shows none.
 */
final class AdditionDifferences {

    private static final int LONGEST_VALUE = 60;

    private final Pod pod;
    private final Status earlier;
    private final Pod replaced;
    private final Status now;

    AdditionDifferences(Pod pod, Status earlier, Pod replaced, Status now) {
        this.pod = pod;
        this.earlier = earlier;
        this.replaced = replaced;
        this.now = now;
    }

    /**
     * The differences for one profile, one phrase each, such as {@code image of container log-tailer: busybox:1.36 → busybox:1.37}. Only
     * companions belong to one profile. Differences in the app's containers and in the Pod's fields are listed for every profile. A companion that
     * the Pod would no longer have is listed for the profiles that the Pod would no longer have, if there are any.
     */
    List<String> of(String profile, Plan plan) {
        Set<String> others = plan.profiles().stream()
                .filter(planned -> !planned.profile().name().equals(profile))
                .flatMap(planned -> planned.companions().stream())
                .map(Companion::name)
                .collect(Collectors.toSet());
        boolean losesAnother =
                plan.has(profile) && earlier.profiles().keySet().stream().anyMatch(name -> !plan.has(name));
        List<String> differences = new ArrayList<>();
        Set<String> owners = new LinkedHashSet<>(earlier.hashes().keySet());
        owners.addAll(now.hashes().keySet());
        for (String owner : owners) {
            String container = owner.substring(owner.indexOf('.') + 1);
            boolean before = isCompanion(earlier, owner, container);
            boolean after = isCompanion(now, owner, container);
            boolean isLostByAnother = before && !after && losesAnother;
            if (others.contains(container) || isLostByAnother) {
                continue;
            }
            if (before == after) {
                addChangedParts(owner, differences);
            } else {
                differences.add((before ? "without " : "with ") + AddedParts.ownerInWords(owner));
            }
        }
        return differences;
    }

    private void addChangedParts(String owner, List<String> differences) {
        Map<String, String> then = earlier.hashes().getOrDefault(owner, Map.of());
        Map<String, String> current = now.hashes().getOrDefault(owner, Map.of());
        Set<String> parts = new LinkedHashSet<>(then.keySet());
        parts.addAll(current.keySet());
        for (String part : parts) {
            if (!Objects.equals(then.get(part), current.get(part))) {
                differences.add(difference(owner, part));
            }
        }
    }

    private static boolean isCompanion(Status status, String owner, String container) {
        for (ContainerList list : ContainerList.values()) {
            if (AddedParts.container(list, container).equals(owner)) {
                return status.list(list).contains(container);
            }
        }
        return false;
    }

    private String difference(String owner, String part) {
        String place = AddedParts.partInWords(part) + " of " + AddedParts.ownerInWords(owner);
        Optional<String> then = text(value(pod, owner, part));
        Optional<String> current = text(value(replaced, owner, part));
        return then.isPresent() && current.isPresent() && !then.equals(current)
                ? place + ": " + then.get() + " → " + current.get()
                : place;
    }

    /** The value of a field of a companion, or of a variable; missing for other additions, which have no short form. */
    private static JsonNode value(Pod pod, String owner, String part) {
        return pod.allContainers()
                .filter(container -> AddedParts.container(container).equals(owner))
                .findFirst()
                .map(container -> value(container, part))
                .orElse(MissingNode.getInstance());
    }

    private static JsonNode value(Container container, String part) {
        for (JsonNode variable : container.tree().path("env")) {
            if (AddedParts.variable(variable.path("name").asText()).equals(part)) {
                return variable.path("value");
            }
        }
        return container.tree().path(part);
    }

    private static Optional<String> text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.of("none");
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() > LONGEST_VALUE ? Optional.empty() : Optional.of(text);
    }
}
