package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Podcheck.Level;
import dev.pillion.injection.Podcheck.Validation;
import dev.pillion.injection.apply.PodSpecAdditionsTest;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Validation by the code of Kubernetes, with {@link Podcheck}: a valid Pod is valid after the injection and meets the same Pod Security
 * Standard. {@code .ci/run} builds podcheck and runs this test. {@code -Dseed=N} generates other Pods.
 */
@EnabledIfSystemProperty(named = Podcheck.PROPERTY, matches = ".+")
class KubernetesValidationTest {

    private static final int GENERATED = 4_000;

    /** The profiles that need more than {@code restricted} permits, and the strictest standard that permits them. */
    private static final Map<String, Level> MORE_THAN_RESTRICTED =
            Map.of("permissions", Level.baseline, "packet-capture", Level.privileged);

    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    private final Podcheck podcheck = Podcheck.fromSystemProperty();

    /** @param pod the Pod before the injection */
    private record Before(String name, JsonNode pod, Namespace namespace, Catalog catalog) {}

    private record After(Before before, Plan plan, JsonNode pod) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void generatedPodsStayValidAndKeepTheirStandard(boolean nativeSidecars, @TempDir Path directory) throws Exception {
        Catalog catalog = BuiltInArgumentsTest.openCatalog(directory);
        long seed = Long.getLong("seed", 1) * GENERATED;
        List<ObjectNode> pods = IntStream.range(0, GENERATED)
                .mapToObj(number -> RealisticPods.pod(new Random(seed + number)))
                .toList();
        List<Validation> validations = podcheck.validate(pods);
        List<Before> valid = new ArrayList<>();
        for (int number = 0; number < pods.size(); number++) {
            if (validations.get(number).valid()) {
                // The Pod with defaults for the webhook, and without defaults for the command line.
                JsonNode pod = number % 2 == 0 ? validations.get(number).pod() : pods.get(number);
                valid.add(new Before(
                        "generated Pod " + number, Objects.requireNonNull(pod), Namespace.named("shop"), catalog));
            }
        }
        assertThat(valid)
                .as("generated Pods that are valid, beside %s", firstErrors(validations))
                .hasSizeGreaterThan(GENERATED * 3 / 4);

        List<After> injected = inject(valid, nativeSidecars);

        assertThat(injected).hasSizeGreaterThan(valid.size() / 2);
        assertStayValidAndKeepTheirStandard(injected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void examplesAndGoldenCasesStayValidAndKeepTheirStandard(boolean nativeSidecars) throws Exception {
        List<Before> all = Stream.of(examples(), documentation(), goldenCases(), platformCases())
                .flatMap(List::stream)
                .toList();
        List<Validation> validations =
                podcheck.validate(all.stream().map(Before::pod).toList());
        for (int index = 0; index < all.size(); index++) {
            assertThat(validations.get(index).valid())
                    .as("%s: %s", all.get(index).name(), validations.get(index))
                    .isTrue();
        }

        List<After> injected = inject(all, nativeSidecars);

        assertThat(injected).hasSizeGreaterThan(all.size() / 2);
        assertStayValidAndKeepTheirStandard(injected);
    }

    /** Pods that are written to break the injection. The test uses those that an API server accepts. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unusualPodsStayValidAndKeepTheirStandard(boolean nativeSidecars) throws Exception {
        Catalog catalog = CatalogReader.read(Path.of("examples/profiles"));
        List<Before> all = pods(Path.of("src/test/resources/pods"), catalog);
        List<Validation> validations =
                podcheck.validate(all.stream().map(Before::pod).toList());
        List<Before> valid = IntStream.range(0, all.size())
                .filter(index -> validations.get(index).valid())
                .mapToObj(all::get)
                .toList();
        assertThat(valid).hasSizeGreaterThan(all.size() / 2);

        assertStayValidAndKeepTheirStandard(inject(valid, nativeSidecars));
    }

    /** The profile adds to every field except the PriorityClass, because podcheck has no PriorityClasses. */
    @Test
    void podsWithAdditionsToTheirSpecStayValidAndKeepTheirStandard() throws Exception {
        Catalog catalog = PodSpecAdditionsTest.catalogWithoutPriorityClass();
        long seed = Long.getLong("seed", 1) * GENERATED;
        List<ObjectNode> pods = Stream.concat(
                        IntStream.range(0, GENERATED / 20)
                                .mapToObj(number -> RealisticPods.pod(new Random(seed + number))),
                        PodSpecAdditionsTest.specs()
                                .map(spec -> (ObjectNode)
                                        Trial.yaml("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {" + spec
                                                + "containers: [{name: web, image: nginx}]}}")))
                .toList();
        List<Validation> validations = podcheck.validate(pods);
        List<Before> valid = new ArrayList<>();
        for (int number = 0; number < pods.size(); number++) {
            if (validations.get(number).valid()) {
                ObjectNode pod =
                        Objects.requireNonNull(validations.get(number).pod()).deepCopy();
                pod.withObject("/metadata/annotations").put(Annotations.INJECT, "pod-additions");
                valid.add(new Before("Pod " + number, pod, Namespace.named("shop"), catalog));
            }
        }

        List<After> injected = inject(valid, true);

        assertThat(injected).hasSizeGreaterThan(pods.size() * 3 / 4);
        assertStayValidAndKeepTheirStandard(injected);
    }

    @Test
    void anUnknownFieldIsNotValid() {
        JsonNode pod = Trial.yaml(
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b, comand: []}]}}");

        assertThat(podcheck.validate(pod).errors()).singleElement().asString().contains("unknown field", "comand");
    }

    private static List<After> inject(List<Before> pods, boolean nativeSidecars) throws Exception {
        Injector injector = new Injector(InjectionSettings.defaults().withNativeSidecars(nativeSidecars));
        List<After> injected = new ArrayList<>();
        for (Before before : pods) {
            if (injector.decide(Pod.of(before.pod()), before.namespace(), before.catalog())
                    instanceof Injected(Plan plan, var patch)) {
                injected.add(new After(before, plan, Oracles.apply(patch, before.pod())));
            }
        }
        return injected;
    }

    private void assertStayValidAndKeepTheirStandard(List<After> injected) {
        List<Validation> before = podcheck.validate(
                injected.stream().map(each -> each.before().pod()).toList());
        List<Validation> after =
                podcheck.validate(injected.stream().map(After::pod).toList());
        Map<String, String> wrong = new LinkedHashMap<>();
        for (int index = 0; index < injected.size(); index++) {
            After each = injected.get(index);
            Validation validation = after.get(index);
            Level promised = promised(
                    each.plan(), Objects.requireNonNull(before.get(index).level()));
            if (!validation.valid()
                    || Objects.requireNonNull(validation.level()).compareTo(promised) < 0) {
                wrong.putIfAbsent(
                        "must stay " + promised + ", is " + validation,
                        each.before().name() + " became " + each.pod());
            }
        }
        assertThat(wrong)
                .as("problems of %d injected Pods, with an example", injected.size())
                .isEmpty();
    }

    private static Level promised(Plan plan, Level before) {
        return plan.profiles().stream()
                .map(planned ->
                        MORE_THAN_RESTRICTED.getOrDefault(planned.profile().name(), Level.restricted))
                .reduce(before, (one, other) -> one.compareTo(other) < 0 ? one : other);
    }

    private static List<String> firstErrors(List<Validation> validations) {
        return validations.stream()
                .filter(validation -> !validation.valid())
                .map(Validation::toString)
                .distinct()
                .limit(20)
                .toList();
    }

    private static List<Before> examples() throws Exception {
        return pods(Path.of("examples"), CatalogReader.read(Path.of("examples/profiles")));
    }

    private static List<Before> pods(Path directory, Catalog catalog) throws Exception {
        List<Before> pods = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                pods.addAll(pods(file.toString(), Files.readString(file), Optional.empty(), catalog));
            }
        }
        return pods;
    }

    private static List<Before> documentation() throws Exception {
        List<Before> pods = new ArrayList<>();
        try (Stream<Path> files = Stream.concat(Files.walk(Path.of("docs")), Stream.of(Path.of("README.md")))) {
            for (Path page : files.filter(each -> each.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                for (String block : YAML_BLOCK
                        .matcher(Files.readString(page))
                        .results()
                        .map(each -> each.group(1))
                        .toList()) {
                    pods.addAll(pods(page.toString(), block, Optional.empty(), CatalogReader.builtIn()));
                }
            }
        }
        return pods;
    }

    private static List<Before> goldenCases() throws Exception {
        return cases(Path.of("src/test/resources/cases"), CatalogReader.builtIn());
    }

    private static List<Before> platformCases() throws Exception {
        return cases(Path.of("examples/platform/cases"), CatalogReader.read(Path.of("examples/platform")));
    }

    private static List<Before> cases(Path directory, Catalog catalog) throws Exception {
        List<Before> pods = new ArrayList<>();
        try (Stream<Path> cases = Files.list(directory)) {
            for (Path each : cases.sorted().toList()) {
                Path namespace = each.resolve("namespace.yaml");
                pods.addAll(pods(
                        each.toString(),
                        Files.readString(each.resolve("pod.yaml")),
                        Files.exists(namespace)
                                ? Optional.of(Namespace.of(Trial.yaml(Files.readString(namespace))))
                                : Optional.empty(),
                        catalog));
            }
        }
        return pods;
    }

    private static List<Before> pods(String name, String text, Optional<Namespace> namespace, Catalog catalog) {
        List<Before> pods = new ArrayList<>();
        for (JsonNode manifest : manifests(text)) {
            Workload.of(manifest)
                    .ifPresent(workload -> pods.add(new Before(
                            name,
                            pod(manifest, workload),
                            namespace.orElseGet(() ->
                                    Namespace.named(workload.namespace().isEmpty() ? "default" : workload.namespace())),
                            catalog)));
        }
        return pods;
    }

    private static List<JsonNode> manifests(String text) {
        try {
            return YamlReader.read(text).stream().map(Document::tree).toList();
        } catch (YamlException e) {
            return List.of();
        }
    }

    /** The Pod that a controller creates for a workload. */
    private static JsonNode pod(JsonNode manifest, Workload workload) {
        ObjectNode pod = workload.podTree().deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.path("metadata") instanceof ObjectNode present ? present : pod.putObject("metadata");
        if (!metadata.has("name") && !metadata.has("generateName")) {
            metadata.put("name", workload.name().isEmpty() ? "unnamed" : workload.name());
        }
        for (JsonNode claim : manifest.path("spec").path("volumeClaimTemplates")) {
            String name = claim.at("/metadata/name").asText();
            volumes((ObjectNode) pod.path("spec"))
                    .addObject()
                    .put("name", name)
                    .putObject("persistentVolumeClaim")
                    .put("claimName", name + "-0");
        }
        if (workload.kind().equals("Job") || workload.kind().equals("CronJob")) {
            ((ObjectNode) pod.path("spec"))
                    .put("restartPolicy", pod.path("spec").path("restartPolicy").asText("Never"));
        }
        return pod;
    }

    private static ArrayNode volumes(ObjectNode spec) {
        return spec.path("volumes") instanceof ArrayNode present ? present : spec.putArray("volumes");
    }
}
