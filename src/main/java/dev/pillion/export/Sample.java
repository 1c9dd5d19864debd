package dev.pillion.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.Injector;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The additions of a profile to a minimal Pod. If nothing in the profile depends on the Pod, they are the same for every Pod. The injector
 * computes them, so that an export matches the webhook.
 *
 * @param parameters the values of the profile's parameters
 */
record Sample(Profile profile, Map<String, JsonNode> parameters, JsonNode pod) {

    private static final String OWN = "own";

    static Sample of(Policy policy, Grant grant, Profile profile, InjectionSettings settings)
            throws NotExpressibleException {
        Policy always = new Policy(
                policy.name(),
                policy.generation(),
                policy.source(),
                Mode.ENFORCE,
                policy.priority(),
                LabelSelector.EVERYTHING,
                LabelSelector.EVERYTHING,
                List.of(),
                List.of(grant),
                100,
                Optional.empty());
        Catalog catalog = new Catalog(Map.of(profile.name(), profile.withoutGuards()), List.of(always));
        JsonNode minimal = minimalPod();
        Decision decision = new Injector(settings.withNativeSidecars(true))
                .decide(pod(minimal), Namespace.named("default"), catalog);
        return switch (decision) {
            case Injected(var plan, var patch) ->
                new Sample(
                        profile,
                        values(plan.profiles().getFirst().parameters()),
                        JsonPatch.apply(patch.toJson(), minimal));
            case Denied(var reason, var _, var _, var _) ->
                throw new NotExpressibleException(List.of("policy " + policy.name() + ": " + reason.message()));
            case Unchanged(var reason, var _) ->
                throw new NotExpressibleException(List.of("policy " + policy.name() + ": profile " + profile.name()
                        + " adds nothing: " + reason.message()));
        };
    }

    private static Map<String, JsonNode> values(Map<String, ParameterValue> parameters) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        parameters.forEach((name, value) -> values.put(name, value.value()));
        return values;
    }

    private static JsonNode minimalPod() {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.putObject("metadata").put("name", "bare");
        ObjectNode spec = pod.putObject("spec");
        spec.putArray("initContainers").addObject().put("name", OWN).put("image", OWN);
        spec.putArray("containers").addObject().put("name", "app").put("image", "app");
        return pod;
    }

    private static Pod pod(JsonNode tree) {
        try {
            return Pod.of(tree);
        } catch (MalformedPodException e) {
            throw new IllegalStateException("the minimal Pod is valid", e);
        }
    }

    /** The companions before the Pod's own init containers, in their order. */
    List<JsonNode> before() {
        return initContainers().takeWhile(container -> !isOwn(container)).toList();
    }

    /** The companions after the Pod's own init containers and before the app. */
    List<JsonNode> after() {
        return initContainers()
                .dropWhile(container -> !isOwn(container))
                .filter(container -> !isOwn(container))
                .toList();
    }

    List<JsonNode> containers() {
        return initContainers().filter(container -> !isOwn(container)).toList();
    }

    private Stream<JsonNode> initContainers() {
        return pod.at("/spec/initContainers").valueStream();
    }

    private static boolean isOwn(JsonNode container) {
        return container.path("name").asText().equals(OWN);
    }

    List<JsonNode> volumes() {
        return list("/spec/volumes");
    }

    List<JsonNode> appVolumeMounts() {
        return list("/spec/containers/0/volumeMounts");
    }

    List<JsonNode> appEnv() {
        return list("/spec/containers/0/env");
    }

    List<JsonNode> appEnvFrom() {
        return list("/spec/containers/0/envFrom");
    }

    List<JsonNode> imagePullSecrets() {
        return list("/spec/imagePullSecrets");
    }

    private List<JsonNode> list(String pointer) {
        return pod.at(pointer).valueStream().toList();
    }

    Map<String, String> labels() {
        return texts("/metadata/labels");
    }

    /** The annotations, without those that Pillion writes for itself or that depend on the Pod. */
    Map<String, String> annotations() {
        Map<String, String> annotations = texts("/metadata/annotations");
        annotations
                .keySet()
                .removeAll(List.of(Annotations.STATUS, Annotations.DEFAULT_CONTAINER, Annotations.SAFE_TO_EVICT));
        return annotations;
    }

    /** The names of the {@code emptyDir}s, separated by commas. */
    String emptyDirs() {
        return texts("/metadata/annotations").getOrDefault(Annotations.SAFE_TO_EVICT, "");
    }

    private Map<String, String> texts(String pointer) {
        Map<String, String> texts = new LinkedHashMap<>();
        pod.at(pointer)
                .properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    /** The paths of the directories that the profile shares with the app. */
    List<String> sharedPaths() {
        List<String> paths = new ArrayList<>();
        List<String> volumes =
                volumes().stream().map(volume -> volume.path("name").asText()).toList();
        for (JsonNode mount : appVolumeMounts()) {
            if (!profile.sharedDirectories().isEmpty()
                    && volumes.contains(mount.path("name").asText())) {
                paths.add(mount.path("mountPath").asText());
            }
        }
        return paths;
    }
}
