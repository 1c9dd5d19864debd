package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.injection.settings.ToleratedAdditions;
import dev.pillion.injection.uninject.Uninjection;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Container;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A Pod, the circumstances of its creation, and the results. */
public final class Trial {

    private static final Namespace SHOP = Namespace.named("shop");

    private final JsonNode pod;
    private final Namespace namespace;
    private final Catalog catalog;
    private final InjectionSettings settings;

    private Trial(JsonNode pod, Namespace namespace, Catalog catalog, InjectionSettings settings) {
        this.pod = pod;
        this.namespace = namespace;
        this.catalog = catalog;
        this.settings = settings;
    }

    /** A Pod as YAML, in a namespace without annotations, with the built-in profiles. */
    public static Trial of(String pod) {
        return of(yaml(pod));
    }

    public static Trial of(JsonNode pod) {
        return new Trial(pod, SHOP, CatalogReader.builtIn(), InjectionSettings.defaults());
    }

    /** A Pod with one container called {@code web}, which has port 8080, and these annotations, as YAML. */
    public static Trial annotated(String... annotations) {
        return of("metadata:\n  name: web\n  annotations:\n"
                + String.join("\n", annotations).indent(4)
                + "spec:\n  containers:\n    - {name: web, image: nginx, ports: [{containerPort: 8080}]}\n");
    }

    public static JsonNode yaml(String text) {
        try {
            return YamlReader.read(text).getFirst().tree();
        } catch (Exception e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** A profile from the YAML of its spec. */
    public static String profile(String name, String spec) {
        return "apiVersion: pillion.dev/v1alpha1\nkind: InjectionProfile\nmetadata: {name: " + name + "}\nspec:\n"
                + "  description: Stands in a test.\n" + spec.indent(2);
    }

    /** A policy from the YAML of its spec. */
    public static String policy(String name, String spec) {
        return "apiVersion: pillion.dev/v1alpha1\nkind: InjectionPolicy\nmetadata: {name: " + name + "}\nspec:\n"
                + spec.indent(2);
    }

    /** With these policies and profiles. */
    public Trial withPolicies(String... documents) {
        return withProfiles(documents);
    }

    /** In a namespace called {@code shop} with one more label. */
    public Trial inNamespaceLabelled(String label, String value) {
        Map<String, String> labels = new HashMap<>(SHOP.labels());
        labels.put(label, value);
        return new Trial(pod, new Namespace("shop", labels, Map.of()), catalog, settings);
    }

    public Trial withImageMirror(String mirror) {
        return new Trial(pod, namespace, catalog, with(Set.of(mirror), settings.tolerated()));
    }

    /** With these entries added to the known third-party sidecars. */
    public Trial withKnownSidecars(String... entries) {
        return new Trial(
                pod,
                namespace,
                catalog,
                settings.withKnownSidecars(settings.knownSidecars().with(List.of(entries))));
    }

    /** A Pod from a file in the resources of the tests. */
    public static Trial ofFile(String name) throws IOException {
        return of(Files.readString(Path.of("src/test/resources/field").resolve(name)));
    }

    public Trial tolerating(ToleratedAdditions additions) {
        return new Trial(pod, namespace, catalog, with(settings.imageMirrors(), additions));
    }

    private InjectionSettings with(Set<String> mirrors, ToleratedAdditions tolerated) {
        return new InjectionSettings(
                settings.nativeSidecars(),
                settings.knownSidecars(),
                settings.excludedNamespaces(),
                mirrors,
                tolerated,
                settings.clusterAssignsUsers());
    }

    /** The findings of the validating webhook for this Pod. */
    public List<Reason> missing() {
        return new Injector(settings).violations(pod(), namespace, catalog);
    }

    public Trial withProfiles(String... profiles) {
        return new Trial(pod, namespace, catalog(profiles), settings);
    }

    /** With an additional profile in the request, and an additional annotation. */
    public Trial withMore(String profile, String annotation, String value) {
        JsonNode copy = pod.deepCopy();
        ObjectNode annotations = (ObjectNode) copy.path("metadata").path("annotations");
        annotations.put(Annotations.INJECT, annotations.path(Annotations.INJECT).asText() + ", " + profile);
        annotations.put(annotation, value);
        return again(copy);
    }

    public Trial withPlainSidecars() {
        return new Trial(pod, namespace, catalog, settings.withNativeSidecars(false));
    }

    /** In a cluster that chooses the users of containers, as OpenShift does. */
    public Trial inClusterThatAssignsUsers() {
        return new Trial(pod, namespace, catalog, settings.withClusterAssignsUsers(true));
    }

    Trial inNamespace(String name) {
        return new Trial(pod, Namespace.named(name), catalog, settings);
    }

    /** In the namespace {@code shop} with this default for its Pods. */
    public Trial inNamespaceThatInjects(String profiles) {
        Namespace shop = new Namespace("shop", SHOP.labels(), Map.of(Annotations.INJECT, profiles));
        return new Trial(pod, shop, catalog, settings);
    }

    /** The same circumstances for another Pod. */
    public Trial again(JsonNode other) {
        return new Trial(other, namespace, catalog, settings);
    }

    public Decision decide() {
        return new Injector(settings).decide(pod(), namespace, catalog);
    }

    /** The decision of the command line on a manifest. */
    public Decision decideOnManifest() {
        return new Injector(settings).decide(pod(), Map.of(), namespace, catalog);
    }

    /** The result of the command line for a manifest. */
    public Result injectedManifest() {
        Decision decision = decideOnManifest();
        assertThat(decision).as(decision.toString()).isInstanceOf(Injected.class);
        Injected injected = (Injected) decision;
        try {
            return new Result(this, injected.plan(), injected.patch(), Oracles.apply(injected.patch(), pod));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The injected Pod. A first pass is checked by the oracles. */
    public Result injected() {
        Decision decision = decide();
        assertThat(decision).as(decision.toString()).isInstanceOf(Injected.class);
        Injected injected = (Injected) decision;
        try {
            if (namespace.equals(SHOP) && !pod().annotations().containsKey(Annotations.STATUS)) {
                Oracles.check(new Injector(settings), pod(), catalog);
            }
            return new Result(this, injected.plan(), injected.patch(), Oracles.apply(injected.patch(), pod));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    public Reason denied() {
        return denial().reason();
    }

    public Denied denial() {
        Decision decision = decide();
        assertThat(decision).as(decision.toString()).isInstanceOf(Denied.class);
        return (Denied) decision;
    }

    public Unchanged unchanged() {
        Decision decision = decide();
        assertThat(decision).as(decision.toString()).isInstanceOf(Unchanged.class);
        return (Unchanged) decision;
    }

    public JsonNode uninjected() {
        return uninjection().pod();
    }

    public Uninjection uninjection() {
        return Uninjector.uninject(pod(), catalog);
    }

    private Pod pod() {
        return readPod(pod);
    }

    public static Pod readPod(JsonNode tree) {
        try {
            return Pod.of(tree);
        } catch (Exception e) {
            throw new IllegalArgumentException(tree.toString(), e);
        }
    }

    public Catalog catalog() {
        return catalog;
    }

    private static Catalog catalog(String... profiles) {
        try {
            Path directory = Files.createTempDirectory("profiles");
            for (int index = 0; index < profiles.length; index++) {
                Files.writeString(directory.resolve(index + ".yaml"), profiles[index]);
            }
            try {
                return CatalogReader.read(directory);
            } finally {
                delete(directory);
            }
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** An injected Pod. */
    public record Result(Trial trial, Plan plan, Patch patch, JsonNode pod) {

        /** A second pass over it. */
        public Trial again() {
            return trial.again(pod);
        }

        /** A second pass after one annotation has changed. */
        public Trial againAnnotated(String annotation, String value) {
            ObjectNode changed = pod.deepCopy();
            changed.withObject("/metadata/annotations").put(annotation, value);
            return trial.again(changed);
        }

        public JsonNode at(String pointer) {
            return pod.at(pointer);
        }

        public JsonNode annotation(String name) {
            return pod.path("metadata").path("annotations").path(name);
        }

        public JsonNode status() {
            return yaml(annotation(Annotations.STATUS).asText());
        }

        public JsonNode container(String name) {
            return readPod(pod).container(name).map(Container::tree).orElseThrow();
        }

        public List<String> initContainers() {
            return names("initContainers");
        }

        public List<String> containers() {
            return names("containers");
        }

        public List<String> names(String list) {
            List<String> names = new ArrayList<>();
            pod.path("spec")
                    .path(list)
                    .forEach(element -> names.add(element.path("name").asText()));
            return names;
        }

        public JsonNode volume(String name) {
            return readPod(pod).volumes().get(name);
        }

        public List<String> warnings() {
            return plan.warnings().stream().map(Reason::message).toList();
        }
    }
}
