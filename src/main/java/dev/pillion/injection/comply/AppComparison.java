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
 * Finds what the app lacks of what enforced profiles give it: shared directories, mounts and variables in its containers, labels,
 * annotations and image pull secrets of the Pod.
 */
final class AppComparison {

    private static final FieldComparison FIELDS = new FieldComparison(KubernetesAdditions.OF_CONTAINER);

    private final Pod pod;
    private final RenderedPlan prepared;
    private final KnownSidecars sidecars;
    private final SharedDirectories directories;
    private final Map<String, Map<String, List<JsonNode>>> variables = new HashMap<>();
    private final Map<String, Map<String, List<JsonNode>>> mounts = new HashMap<>();
    private final Set<String> givenMounts = new HashSet<>();
    private final Set<String> sharedDirectories = new HashSet<>();
    /** Where two profiles set the same thing, the first one does. */
    private final Set<String> claimed = new HashSet<>();

    AppComparison(Pod pod, RenderedPlan prepared, SharedDirectories directories, KnownSidecars sidecars) {
        this.pod = pod;
        this.sidecars = sidecars;
        this.prepared = prepared;
        this.directories = directories;
        for (Container target : prepared.targets()) {
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
        for (RenderedProfile each : prepared.rendered()) {
            each.shares().forEach(share -> sharedDirectories.add(share.path()));
            each.app()
                    .getOrDefault("volumeMounts", MissingNode.getInstance())
                    .forEach(mount -> givenMounts.add(VolumeMount.of(mount).directory()));
        }
    }

    /** @param keepAppValues whether what the app sets itself stands */
    List<Reason> findings(RenderedProfile each, boolean keepAppValues) {
        List<Reason> findings = new ArrayList<>();
        for (Container target : each.targets()) {
            for (Share share : each.shares()) {
                directories
                        .gap(target, share, givenMounts::contains)
                        .ifPresent(gap -> findings.add(new Reason(
                                ReasonCode.COMPANION_MISSING,
                                "the Pod lacks the shared directory " + share.path() + " in " + described(target)
                                        + ", which " + gap)));
            }
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
            for (JsonNode variable : each.app().getOrDefault("env", MissingNode.getInstance())) {
                String name = variable.path("name").asText();
                String what = "variable " + name + " in " + described(target);
                List<JsonNode> present =
                        variables.getOrDefault(target.name(), Map.of()).getOrDefault(name, List.of());
                Optional<AppendedText> text = AppendedText.of(variable);
                if (text.isPresent()) {
                    compare(what, text.get(), present, keepAppValues, findings);
                } else {
                    compare(what, variable, "env", withoutTexts(name, present), keepAppValues, findings);
                }
            }
            ListIndex sources = ListIndex.bySource(target.tree().path("envFrom"));
            for (JsonNode source : each.app().getOrDefault("envFrom", MissingNode.getInstance())) {
                if (!isAmong(sources, source)) {
                    findings.add(new Reason(
                            ReasonCode.COMPANION_MISSING,
                            "the Pod lacks envFrom " + source + " in " + described(target)));
                }
            }
        }
        ofPod(each, keepAppValues, findings);
        return findings;
    }

    /** A third-party sidecar whose image is not on the list must have what the app has, and the operator must be able to find out why. */
    private String described(Container target) {
        String name = "container " + target.name();
        return sidecars.recognise(target)
                ? name
                        + " (its name is a third-party sidecar's and its image is not; if it is one, the platform team adds '"
                        + Excerpt.of(KnownSidecars.entryFor(target)) + "' to pillion.third-party-sidecars)"
                : name;
    }

    private void ofPod(RenderedProfile each, boolean keepAppValues, List<Reason> findings) {
        for (String kind : List.of("labels", "annotations")) {
            Map<String, String> present = kind.equals("labels") ? pod.labels() : pod.annotations();
            for (Map.Entry<String, JsonNode> given :
                    each.pod().getOrDefault(kind, MissingNode.getInstance()).properties()) {
                String what = kind.substring(0, kind.length() - 1) + " " + given.getKey();
                String value = present.get(given.getKey());
                if (!claimed.add(what)) {
                    continue;
                }
                if (value == null) {
                    findings.add(new Reason(ReasonCode.COMPANION_MISSING, "the Pod lacks " + what));
                } else if (!keepAppValues && !value.equals(given.getValue().asText())) {
                    findings.add(new Reason(
                            ReasonCode.COMPANION_CHANGED, what + " has another value than the profile gives it"));
                }
            }
        }
        ListIndex secrets = ListIndex.byName(pod.spec("imagePullSecrets"));
        for (JsonNode secret : each.pod().getOrDefault("imagePullSecrets", MissingNode.getInstance())) {
            if (!isAmong(secrets, secret)) {
                findings.add(new Reason(
                        ReasonCode.COMPANION_MISSING,
                        "the Pod lacks image pull secret " + secret.path("name").asText()));
            }
        }
    }

    /** All that stand at the place must be as wanted: of two variables of one name the last one counts, of two mounts either may. */
    private void compare(
            String what,
            JsonNode wanted,
            String field,
            List<JsonNode> present,
            boolean keepAppValues,
            List<Reason> findings) {
        if (!claimed.add(what)) {
            return;
        }
        if (present.isEmpty()) {
            findings.add(new Reason(ReasonCode.COMPANION_MISSING, "the Pod lacks " + what));
        } else if (!keepAppValues) {
            present.stream()
                    .flatMap(each -> FIELDS.difference(field, wanted, each).stream())
                    .findFirst()
                    .ifPresent(difference -> findings.add(new Reason(
                            ReasonCode.COMPANION_CHANGED, what + " is not as the profile has it: " + difference)));
        }
    }

    /** The variables as they are without what enforced profiles append to them. */
    private List<JsonNode> withoutTexts(String name, List<JsonNode> present) {
        List<AppendedText> texts = prepared.rendered().stream()
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

    /** The app may have its own value before the text and after it, in all variables of the name. */
    private void compare(
            String what, AppendedText text, List<JsonNode> present, boolean keepAppValues, List<Reason> findings) {
        claimed.add(what);
        if (present.isEmpty()) {
            findings.add(new Reason(ReasonCode.COMPANION_MISSING, "the Pod lacks " + what));
        } else if (!keepAppValues
                && !present.stream()
                        .allMatch(each -> !each.has("valueFrom")
                                && text.isIn(each.path("value").asText()))) {
            findings.add(new Reason(
                    ReasonCode.COMPANION_CHANGED,
                    what + " does not have what the profile appends to it: " + Excerpt.of(text.text())));
        }
    }

    /** What the app mounts below a directory of the profile's stands in the place of a part of it. */
    private Optional<Reason> hiding(Container target, String directory) {
        for (VolumeMount mount : target.volumeMounts()) {
            if (mount.directory().startsWith(directory + "/")
                    && !givenMounts.contains(mount.directory())
                    && !sharedDirectories.contains(mount.directory())
                    && !ServiceAccountToken.isMount(mount, pod.volumes())) {
                return Optional.of(new Reason(
                        ReasonCode.COMPANION_CHANGED,
                        described(target) + " mounts a volume of its own at " + Excerpt.of(mount.mountPath())
                                + ", which hides a part of the mount at " + directory));
            }
        }
        return Optional.empty();
    }

    private static boolean isAmong(ListIndex list, JsonNode wanted) {
        for (JsonNode element : list.like(wanted)) {
            if (FIELDS.difference("", wanted, element).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
