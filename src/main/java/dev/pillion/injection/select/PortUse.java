package dev.pillion.injection.select;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.select.PortConflict.Use;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The ports and port names of all containers of a Pod. A container uses a port if it declares the port, or if a probe or a lifecycle hook of the
 * container calls it. Other ports that a program uses are unknown.
 */
public final class PortUse {

    /** Ports of sidecars that do not declare them. Sources: "Ports used by Istio", and the environment of Linkerd's proxy. */
    private static final Map<String, List<Integer>> UNDECLARED = Map.of(
            "istio-proxy", List.of(15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090),
            "linkerd-proxy", List.of(4140, 4143, 4190, 4191));

    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final List<String> HOOKS = List.of("postStart", "preStop");
    private static final List<String> ACTIONS = List.of("httpGet", "tcpSocket", "grpc");
    private static final Set<String> OWN_HOSTS = Set.of("", "localhost", "127.0.0.1", "::1");

    private final Pod pod;
    private @Nullable Map<PortClaim, List<User>> users;

    public PortUse(Pod pod) {
        this.pod = pod;
    }

    private record User(String container, Use use) {}

    /** The first of a profile's ports and names that another container of the Pod uses. */
    public Optional<PortConflict> conflict(RenderedProfile rendered) {
        if (rendered.companions().stream().noneMatch(PortUse::listens)) {
            return Optional.empty();
        }
        Set<String> own = rendered.companions().stream().map(Companion::name).collect(Collectors.toSet());
        for (Companion companion : rendered.companions()) {
            for (JsonNode port : companion.tree().path("ports")) {
                for (PortClaim claim : PortClaim.of(port)) {
                    for (User user : users().getOrDefault(claim, List.of())) {
                        if (!own.contains(user.container())) {
                            return Optional.of(new PortConflict(companion, claim, user.container(), user.use()));
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Adds the ports of a profile, for the profiles after it. */
    public void add(RenderedProfile rendered) {
        for (Companion companion : rendered.companions()) {
            if (listens(companion)) {
                addDeclared(users(), companion.name(), companion.tree());
            }
        }
    }

    private static boolean listens(Companion companion) {
        return !companion.tree().path("ports").isEmpty();
    }

    /** Computed once, for the first companion that listens: most Pods get none. */
    private Map<PortClaim, List<User>> users() {
        @Nullable Map<PortClaim, List<User>> known = users;
        if (known == null) {
            known = new TreeMap<>(PortClaim.ORDER);
            for (Container container : (Iterable<Container>) pod.allContainers()::iterator) {
                addDeclared(known, container.name(), container.tree());
                for (String probe : PROBES) {
                    addCalled(known, container.name(), probe, container.tree().path(probe));
                }
                for (String hook : HOOKS) {
                    addCalled(
                            known,
                            container.name(),
                            hook,
                            container.tree().path("lifecycle").path(hook));
                }
                for (int port : UNDECLARED.getOrDefault(container.name(), List.of())) {
                    add(known, new PortClaim.Port("TCP", port), new User(container.name(), new Use.Known()));
                }
            }
            users = known;
        }
        return known;
    }

    private static void addDeclared(Map<PortClaim, List<User>> users, String container, JsonNode tree) {
        for (JsonNode port : tree.path("ports")) {
            for (PortClaim claim : PortClaim.of(port)) {
                add(users, claim, new User(container, new Use.Declared()));
            }
        }
    }

    private static void addCalled(Map<PortClaim, List<User>> users, String container, String caller, JsonNode handler) {
        for (String action : ACTIONS) {
            JsonNode target = handler.path(action);
            int number = target.path("port").asInt();
            String host = target.hasNonNull("host") ? target.path("host").asText() : "";
            if (number > 0 && OWN_HOSTS.contains(host)) {
                add(users, new PortClaim.Port("TCP", number), new User(container, new Use.Called(caller)));
            }
        }
    }

    private static void add(Map<PortClaim, List<User>> users, PortClaim claim, User user) {
        users.computeIfAbsent(claim, key -> new ArrayList<>(1)).add(user);
    }
}
