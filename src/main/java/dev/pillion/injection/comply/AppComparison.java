package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.compare.KubernetesAdditions;
import dev.pillion.injection.plan.AppendedText;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Share;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.render.SharedDirectories;
import dev.pillion.injection.settings.KnownSidecars;
import dev.pillion.pod.Container;
import dev.pillion.pod.ListIndex;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds additions of enforced profiles that the app lacks or sets differently: shared directories, mounts and variables of its containers, and
 * labels, annotations and image pull secrets of the Pod.
 *
 * <p>It has more than 200 lines because all comparisons share one index of the containers' variables and mounts.
 */
final class AppComparison {

    private static final FieldComparison FIELDS = new FieldComparison(KubernetesAdditions.OF_CONTAINER);

    private final Pod pod;
    private final PodMetadataComparison metadata;
    private final RenderedPlan plan;
    private final KnownSidecars sidecars;
    private final SharedDirectories directories;
    private final Map<String, Map<String, List<JsonNode>>> variables = new HashMap<>();
    private final Map<String, Map<String, List<JsonNode>>> mounts = new HashMap<>();
    private final Set<String> givenMounts = new HashSet<>();
    private final Set<String> sharedDirectories = new HashSet<>();
    /** If two profiles set the same mount or variable, the first one counts. */
    private final Set<String> claimed = new HashSet<>();

    AppComparison(Pod pod, RenderedPlan plan, KnownSidecars sidecars) {
        this.pod = pod;
        this.metadata = new PodMetadataComparison(pod);
        this.sidecars = sidecars;
        this.plan = plan;
        this.directories = plan.directories();
        for (Container target : plan.targets()) {
            Map<String, List<JsonNode>> named = new HashMap<>();
            target.tree().path("env").forEach(variable -> named.computeIfAbsent(
                            variable.path("name").asText(), name -> new ArrayList<>())
                    .add(variable));
            variables.put(target.name(), named);
            Map<String, List<JsonNode>> mounted = new HashMap<>();
            target.volumeMounts()
                    .forEach(mount -> mounted.computeIfAbsent(mount.directory(), directory -> new ArrayList<>())
                            .add(mount.tree()));
            mounts.put(target.name(), mounted);
        }
        for (RenderedProfile each : plan.rendered()) {
            each.shares().forEach(share -> sharedDirectories.add(share.path()));
            each.app()
                    .getOrDefault("volumeMounts", MissingNode.getInstance())
                    .forEach(mount -> givenMounts.add(VolumeMount.of(mount).directory()));
        }
    }

    /** @param keepAppValues whether the app may set other values */
    List<Reason> findings(RenderedProfile each, boolean keepAppValues) {
        List<Reason> findings = new ArrayList<>();
        for (Container target : each.targets()) {
            compareDirectories(each, target, findings);
            compareMounts(each, target, keepAppValues, findings);
            compareVariables(each, target, keepAppValues, findings);
            compareSources(each, target, findings);
        }
        findings.addAll(metadata.findings(each, keepAppValues));
        return findings;
    }

    private void compareDirectories(RenderedProfile each, Container target, List<Reason> findings) {
        for (Share share : each.shares()) {
            directories
                    .gap(target, share, givenMounts::contains)
                    .ifPresent(gap -> findings.add(new Reason(
                            ReasonCode.COMPANION_MISSING,
                            "the Pod lacks the shared directory " + share.path() + " in " + described(target)
                                    + ", which " + gap)));
        }
    }

    private void compareMounts(RenderedProfile each, Container target, boolean keepAppValues, List<Reason> findings) {
        for (JsonNode mount : each.app().getOrDefault("volumeMounts", MissingNode.getInstance())) {
            String directory = VolumeMount.of(mount).directory();
            compare(
                    "the mount at " + directory + " in " + described(target),
                    mount,
                    "volumeMounts",
                    mounts.getOrDefault(target.name(), Map.of()).getOrDefault(directory, List.of()),
                    keepAppValues,
                    findings);
            if (!keepAppValues) {
                hiding(target, directory).ifPresent(findings::add);
            }
        }
    }

    private void compareVariables(
            RenderedProfile each, Container target, boolean keepAppValues, List<Reason> findings) {
        for (JsonNode variable : each.app().getOrDefault("env", MissingNode.getInstance())) {
            String name = variable.path("name").asText();
            String part = "variable " + name + " in " + described(target);
            List<JsonNode> present =
                    variables.getOrDefault(target.name(), Map.of()).getOrDefault(name, List.of());
            Optional<AppendedText> text = AppendedText.of(variable);
            if (text.isPresent()) {
                compare(part, text.get(), present, keepAppValues, findings);
            } else {
                compare(part, variable, "env", withoutTexts(name, present), keepAppValues, findings);
            }
        }
    }

    private void compareSources(RenderedProfile each, Container target, List<Reason> findings) {
        ListIndex sources = ListIndex.bySource(target.tree().path("envFrom"));
        for (JsonNode source : each.app().getOrDefault("envFrom", MissingNode.getInstance())) {
            if (!contains(sources, source)) {
                findings.add(new Reason(
                        ReasonCode.COMPANION_MISSING, "the Pod lacks envFrom " + source + " in " + described(target)));
            }
        }
    }

    /** Explains why a third-party sidecar whose image is not on the list counts as a container of the app. */
    private String described(Container target) {
        String name = "container " + target.name();
        return sidecars.contains(target)
                ? name
                        + " (this container has the name of a third-party sidecar, but another image; if it is the sidecar, ask the platform team to add '"
                        + Excerpt.of(KnownSidecars.entryFor(target)) + "' to pillion.third-party-sidecars)"
                : name;
    }

    /** All variables of a name, or all mounts at a directory, must be as rendered: it can depend on the runtime which one takes effect. */
    private void compare(
            String part,
            JsonNode rendered,
            String field,
            List<JsonNode> present,
            boolean keepAppValues,
            List<Reason> findings) {
        if (!claimed.add(part)) {
            return;
        }
        if (present.isEmpty()) {
            findings.add(new Reason(ReasonCode.COMPANION_MISSING, "the Pod lacks " + part));
        } else if (!keepAppValues) {
            present.stream()
                    .flatMap(each -> FIELDS.difference(field, rendered, each).stream())
                    .findFirst()
                    .ifPresent(difference -> findings.add(new Reason(
                            ReasonCode.COMPANION_CHANGED, part + " differs from the profile: " + difference)));
        }
    }

    /** The variables without the texts that enforced profiles append to them. */
    private List<JsonNode> withoutTexts(String name, List<JsonNode> present) {
        List<AppendedText> texts = plan.rendered().stream()
                .flatMap(each -> each.app()
                        .getOrDefault("env", MissingNode.getInstance())
                        .valueStream())
                .filter(variable -> variable.path("name").asText().equals(name))
                .flatMap(variable -> AppendedText.of(variable).stream())
                .toList();
        if (texts.isEmpty()) {
            return present;
        }
        return present.stream()
                .map(variable -> {
                    String value = variable.path("value").asText();
                    for (AppendedText text : texts.reversed()) {
                        value = text.removedFrom(value);
                    }
                    return (JsonNode) variable.<ObjectNode>deepCopy().put("value", value);
                })
                .toList();
    }

    /** All variables of the name must contain the text. The app may have its own value before and after it. */
    private void compare(
            String part, AppendedText text, List<JsonNode> present, boolean keepAppValues, List<Reason> findings) {
        claimed.add(part);
        if (present.isEmpty()) {
            findings.add(new Reason(ReasonCode.COMPANION_MISSING, "the Pod lacks " + part));
        } else if (!keepAppValues
                && !present.stream()
                        .allMatch(each -> !each.has("valueFrom")
                                && text.isIn(each.path("value").asText()))) {
            findings.add(new Reason(
                    ReasonCode.COMPANION_CHANGED,
                    part + " does not have what the profile appends to it: " + Excerpt.of(text.text())));
        }
    }

    /** A mount of the app below a directory that the profile mounts, which hides a part of that directory. */
    private Optional<Reason> hiding(Container target, String directory) {
        for (VolumeMount mount : target.volumeMounts()) {
            if (mount.directory().startsWith(directory + "/")
                    && !givenMounts.contains(mount.directory())
                    && !sharedDirectories.contains(mount.directory())
                    && !ServiceAccountToken.isMount(mount, pod.volumes())) {
                return Optional.of(new Reason(
                        ReasonCode.COMPANION_CHANGED,
                        described(target) + " mounts its own volume at " + Excerpt.of(mount.mountPath())
                                + ", which hides a part of the mount at " + directory));
            }
        }
        return Optional.empty();
    }

    /** Whether an element of a list is as rendered. */
    static boolean contains(ListIndex list, JsonNode rendered) {
        for (JsonNode element : list.like(rendered)) {
            if (FIELDS.difference("", rendered, element).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
