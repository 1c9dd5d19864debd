package dev.pillion.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.Workload;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A Pod of another test with random changes. */
public final class MutatedPod {

    private static final List<JsonNode> PODS = pods();
    private static final List<String> ANNOTATIONS = annotations();
    private static final int MOST_CHANGES = 16;

    private static final List<String> TEXTS = List.of(
            "",
            "logging",
            "logging, env, proxy",
            "wait-for,prefetch,migrate",
            "backup,config-reload,file-sync,git-sync",
            "log-shipper,metrics,permissions",
            "none",
            "false",
            "/data",
            "/var/log/app",
            "/var/log/app/",
            "/",
            "web",
            "data",
            "pillion-var-log-app",
            "log-tailer",
            "8080",
            "0",
            "-1",
            "db:5432",
            "http://a/x?y=1, dns://b",
            "A=1\nB=$(A)",
            "{\"A\": \"1\"}",
            "[\"a\", \"b\"]",
            "rest:http://backup/shop",
            "https://git.example.com/site.git",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "$(POD_NAME)/logs",
            "${pod.metadata.name}",
            "a\0b",
            "é✓🚀",
            "\u202e\u2028");

    private static final List<JsonNode> VALUES = Stream.of(
                    "null",
                    "true",
                    "3",
                    "65534",
                    "-0.5",
                    "1e400",
                    "123456789012345678901234567890",
                    "\"\"",
                    "\"Always\"",
                    "\"/\"",
                    "[]",
                    "{}",
                    "[null]",
                    "[{}]",
                    "[\"x\"]",
                    "{\"name\": 3}",
                    "{\"name\": \"web\"}",
                    "{\"name\": \"A\", \"value\": \"$(B)\"}",
                    "{\"name\": \"data\", \"mountPath\": \"/data\", \"subPathExpr\": \"$(A)\"}",
                    "{\"name\": \"data\", \"emptyDir\": {}}",
                    "{\"fieldRef\": {\"fieldPath\": \"metadata.name\"}}")
            .map(MutatedPod::yaml)
            .toList();

    private static final List<String> FIELDS = List.of(
            "metadata",
            "spec",
            "annotations",
            "labels",
            "ownerReferences",
            "name",
            "generateName",
            "containers",
            "initContainers",
            "ephemeralContainers",
            "volumes",
            "volumeMounts",
            "mountPath",
            "subPath",
            "subPathExpr",
            "readOnly",
            "env",
            "envFrom",
            "value",
            "valueFrom",
            "ports",
            "containerPort",
            "securityContext",
            "runAsUser",
            "restartPolicy",
            "hostNetwork",
            "image",
            "imagePullSecrets",
            "emptyDir",
            "resources",
            "command",
            "futureField");

    private final Choices choices;
    private final JsonNode pod;

    private MutatedPod(Choices choices) {
        this.choices = choices;
        this.pod = choices.pick(PODS).deepCopy();
    }

    public static JsonNode of(Choices choices) {
        MutatedPod mutated = new MutatedPod(choices);
        for (int change = 0; change < MOST_CHANGES && choices.hasMore(); change++) {
            mutated.change();
        }
        return mutated.pod;
    }

    private void change() {
        switch (choices.below(7)) {
            case 0, 1 -> annotate();
            case 2 -> set(choices.pick(VALUES).deepCopy());
            case 3 -> set(TextNode.valueOf(text()));
            case 4 -> remove();
            case 5 -> set(choices.pick(places()).deepCopy());
            default -> {
                if (choices.pick(places()) instanceof ObjectNode map) {
                    map.set(choices.pick(FIELDS), choices.pick(VALUES).deepCopy());
                }
            }
        }
    }

    private void annotate() {
        if (pod.path("metadata") instanceof ObjectNode metadata) {
            ObjectNode annotations = metadata.path("annotations") instanceof ObjectNode present
                    ? present
                    : metadata.putObject("annotations");
            annotations.put(choices.pick(ANNOTATIONS), text());
        }
    }

    private String text() {
        return choices.below(2) == 0 ? choices.pick(TEXTS) : choices.text();
    }

    /** Changes an existing value, or adds one to a list. */
    private void set(JsonNode value) {
        switch (choices.pick(places())) {
            case ObjectNode map when !map.isEmpty() -> map.set(choices.pick(names(map)), value);
            case ArrayNode list -> {
                int at = choices.below(list.size() + 1);
                if (choices.below(2) == 0 && at < list.size()) {
                    list.set(at, value);
                } else {
                    list.insert(at, value);
                }
            }
            default -> {}
        }
    }

    private void remove() {
        switch (choices.pick(places())) {
            case ObjectNode map when !map.isEmpty() -> map.remove(choices.pick(names(map)));
            case ArrayNode list when !list.isEmpty() -> list.remove(choices.below(list.size()));
            default -> {}
        }
    }

    private static List<String> names(ObjectNode map) {
        return map.propertyStream().map(Map.Entry::getKey).toList();
    }

    private List<ContainerNode<?>> places() {
        List<ContainerNode<?>> places = new ArrayList<>();
        collect(pod, places);
        return places;
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> places) {
        if (node instanceof ContainerNode<?> place) {
            places.add(place);
            place.forEach(child -> collect(child, places));
        }
    }

    private static List<String> annotations() {
        List<String> names = new ArrayList<>(List.of(
                Annotations.INJECT,
                Annotations.INJECT,
                Annotations.INJECT,
                "pillion.dev/wait-for",
                "pillion.dev/containers",
                Annotations.SAFE_TO_EVICT,
                "kubectl.kubernetes.io/default-container"));
        for (Profile profile : CatalogReader.builtIn().profiles()) {
            profile.parameters().keySet().forEach(name -> names.add(Annotations.parameter(profile.name(), name)));
        }
        return names;
    }

    private static List<JsonNode> pods() {
        try (Stream<Path> pods = Files.list(Path.of("src/test/resources/pods"));
                Stream<Path> cases = Files.list(Path.of("src/test/resources/cases"))) {
            return Stream.concat(pods, cases.map(each -> each.resolve("pod.yaml")))
                    .sorted()
                    .map(MutatedPod::pod)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode pod(Path file) {
        try {
            JsonNode manifest = yaml(Files.readString(file));
            return Workload.of(manifest)
                    .map(workload -> workload.podTree())
                    .orElse(JsonNodeFactory.instance.objectNode());
        } catch (Exception e) {
            throw new IllegalArgumentException(file.toString(), e);
        }
    }

    private static JsonNode yaml(String text) {
        try {
            return YamlReader.read(text.equals("null") ? "[null]" : text)
                    .getFirst()
                    .tree();
        } catch (Exception e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
