package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Rendered.Companion;
import dev.pillion.injection.Rendered.Share;
import dev.pillion.pod.Container;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds a Pod in its final state against what policies enforce. Its status annotation counts for nothing, since whoever makes the Pod can
 * write it: a companion is there when all that the profile sets of it is there.
 */
final class Demands {

    private final Pod pod;
    private final Prepared prepared;
    private final SharedDirectories directories;
    private final Presence presence;
    private final List<Reason> missing = new ArrayList<>();
    private final Map<String, Policy> enforced;

    private Demands(Pod pod, Prepared prepared, Map<String, Policy> enforced, Presence presence) {
        this.pod = pod;
        this.prepared = prepared;
        this.enforced = enforced;
        this.presence = presence;
        this.directories = new SharedDirectories(prepared.targets(), new Status());
    }

    /** What the Pod lacks, a sentence for each, with the policy that demands it. */
    static List<Reason> missing(
            Pod pod,
            Namespace namespace,
            Catalog catalog,
            Rulings rulings,
            InjectionSettings settings,
            Variables variables) {
        Map<String, Policy> enforced = rulings.given(Mode.ENFORCE);
        if (enforced.isEmpty()) {
            return List.of();
        }
        try {
            Requests requests = Requests.read(pod, namespace, catalog, rulings).only(enforced.keySet());
            Prepared prepared = Prepared.of(pod, new Status(), requests, rulings, catalog, settings, variables);
            return new Demands(pod, prepared, enforced, settings.presence()).check();
        } catch (Denial denial) {
            return List.of(denial.reason());
        }
    }

    private List<Reason> check() throws Denial {
        directories.settle(prepared.rendered().stream()
                .flatMap(each -> each.shares().stream())
                .toList());
        for (Rendered each : prepared.rendered()) {
            each.companions().forEach(companion -> check(each, companion));
            each.volumes().forEach(volume -> check(each, volume));
            each.files().forEach((annotation, content) -> check(each, annotation, content));
            for (Container target : prepared.targets()) {
                checkMounts(each, target);
                checkEnvironment(each, target);
            }
        }
        return missing;
    }

    private void check(Rendered each, Companion companion) {
        Optional<Container> present = pod.container(companion.name());
        if (present.isEmpty()) {
            lack(each, Code.COMPANION_MISSING, "container " + companion.name());
            return;
        }
        if (present.get().list() != companion.list(companion.tree().has("restartPolicy"))) {
            lack(each, Code.COMPANION_CHANGED, "container " + companion.name() + " in the place that starts it");
            return;
        }
        presence.firstDifference(companion.tree(), present.get().tree())
                .ifPresent(field -> lack(
                        each,
                        Code.COMPANION_CHANGED,
                        "container " + companion.name() + " as the profile has it: " + field + " is another"
                                + (field.equals("image") ? hint(companion, present.get()) : "")));
    }

    /** Usually another webhook has replaced the registry, which the operator can allow. */
    private static String hint(Companion companion, Container present) {
        return " ('" + Excerpt.of(present.tree().path("image").asText()) + "' instead of '"
                + Excerpt.of(companion.tree().path("image").asText())
                + "'; if another webhook replaces the registry, add it to the setting pillion.image-mirrors)";
    }

    private void check(Rendered each, JsonNode volume) {
        String name = volume.path("name").asText();
        if (!presence.holds(volume, pod.volumes().getOrDefault(name, MissingNode.getInstance()))) {
            lack(each, Code.COMPANION_CHANGED, "volume " + name + " as the profile has it");
        }
    }

    private void check(Rendered each, String annotation, String content) {
        if (!content.equals(pod.annotations().get(annotation))) {
            lack(each, Code.COMPANION_CHANGED, "annotation " + annotation + ", the content of a companion's file");
        }
    }

    private void checkMounts(Rendered each, Container target) {
        for (Share share : each.shares()) {
            if (directories.mountFor(target, share.path()).isPresent()) {
                lack(
                        each,
                        Code.COMPANION_MISSING,
                        "the shared directory " + share.path() + " in container " + target.name());
            }
        }
        for (JsonNode mount : each.app().getOrDefault("volumeMounts", MissingNode.getInstance())) {
            String directory = VolumeMount.of(mount).directory();
            if (target.volumeMounts().stream()
                    .noneMatch(present -> present.directory().equals(directory))) {
                lack(each, Code.COMPANION_MISSING, "a mount at " + directory + " in container " + target.name());
            }
        }
    }

    /** A variable that the app has set itself stands, as it did when the Pod was injected. */
    private void checkEnvironment(Rendered each, Container target) {
        for (JsonNode variable : each.app().getOrDefault("env", MissingNode.getInstance())) {
            String name = variable.path("name").asText();
            if (!target.environment().contains(name)) {
                lack(each, Code.COMPANION_MISSING, "variable " + name + " in container " + target.name());
            }
        }
        for (JsonNode source : each.app().getOrDefault("envFrom", MissingNode.getInstance())) {
            if (!presence.holdsIn(target.tree().path("envFrom"), source)) {
                lack(each, Code.COMPANION_MISSING, "envFrom " + source + " in container " + target.name());
            }
        }
    }

    private void lack(Rendered each, Code code, String what) {
        Policy policy =
                java.util.Objects.requireNonNull(enforced.get(each.profile().name()));
        missing.add(new Reason(
                code,
                "policy '" + policy.name() + "' enforces '" + each.profile().name() + "', and the Pod lacks " + what));
    }
}
