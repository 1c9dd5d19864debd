package dev.pillion.injection;

import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.HistoryRule;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.select.GenerationPins.ChosenGeneration;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A new generation of a profile is for a percentage of workloads. */
class GenerationShareTest {

    private static final Namespace SHOP = Namespace.named("shop");
    private static final int WORKLOADS = 400;

    private final Injector injector = new Injector(InjectionSettings.defaults());

    @Test
    void isForTheSelectedWorkloadsAndTheOthersGetTheOneThatWasForAll() {
        Set<Integer> earlier = new TreeSet<>();
        for (int percentage : List.of(0, 5, 30, 60, 100)) {
            Catalog catalog = catalog("busybox:1", "busybox:2, " + percentage);

            Set<Integer> selected = selected(catalog, "busybox:2");

            assertThat(selected.size())
                    .isBetween(WORKLOADS * (percentage - 8) / 100, WORKLOADS * (percentage + 8) / 100);
            assertThat(selected).as("a higher percentage selects more").containsAll(earlier);
            assertThat(selected(catalog, "busybox:1")).hasSize(WORKLOADS - selected.size());
            earlier = selected;
        }
        assertThat(earlier).hasSize(WORKLOADS);
    }

    @Test
    void skipsGenerationsThatWereOnlyForAPercentage() {
        Catalog catalog = catalog("busybox:1", "busybox:2, 50", "busybox:3, 20", "busybox:4, 10");

        assertThat(selected(catalog, "busybox:1")).hasSizeGreaterThan(WORKLOADS * 80 / 100);
        assertThat(selected(catalog, "busybox:2")).isEmpty();
        assertThat(selected(catalog, "busybox:3")).isEmpty();
    }

    @Test
    void returnsToTheEarlierGenerationWithAPercentageOfZero() {
        Catalog catalog = catalog("busybox:1", "busybox:2", "busybox:2, 0");

        assertThat(selected(catalog, "busybox:1")).hasSize(WORKLOADS);
    }

    @Test
    void isForAllWithoutAnEarlierGenerationAndTheStatusSaysSo() {
        ResourceCatalog catalog = resources("busybox:1, 10");

        assertThat(selected(catalog.catalog(), "busybox:1")).hasSize(WORKLOADS);
        assertThat(Objects.requireNonNull(catalog.statuses().get(new Id(Kind.PROFILE, "tail")))
                        .notes())
                .containsExactly(
                        "Its percentage has no effect, because there is no usable earlier generation that was in force for all workloads.");
        assertThat(Objects.requireNonNull(resources("busybox:1", "busybox:2, 10")
                                .statuses()
                                .get(new Id(Kind.PROFILE, "tail")))
                        .notes())
                .isEmpty();
    }

    @Test
    void doesNotDropTheGenerationForTheOtherWorkloads() {
        ResourceCatalog catalog = resources("busybox:1", "busybox:2, 50", "busybox:3, 50");
        CatalogResource last = profile("busybox:3, 50", "historyLimit: 0");

        Catalog dropped = catalog.with(CatalogReader.builtIn(), List.of(last), HistoryRule.dropUnpinned(Set.of()))
                .catalog();

        assertThat(dropped.earlier("tail")).hasSize(1);
        assertThat(selected(dropped, "busybox:1")).isNotEmpty();
    }

    @Test
    void yieldsToAPin() {
        Catalog catalog = catalog("busybox:1", "busybox:2, 0");
        String present = catalog.profile("tail").orElseThrow().generation();
        String pinned = "pillion.dev/inject: tail, tail.pillion.dev/generation: '" + present + "'";

        assertThat(image(pod(1, pinned), catalog)).isEqualTo("busybox:2");
        assertThat(image(pod(1, "pillion.dev/inject: tail"), catalog)).isEqualTo("busybox:1");
        Namespace pinning = new Namespace("shop", Map.of(), Map.of("tail.pillion.dev/generation", present));
        assertThat(injector.generations(pod(1, "a: b"), List.of("tail"), pinning, catalog))
                .containsEntry(
                        "tail",
                        new ChosenGeneration(
                                present, "pinned by annotation tail.pillion.dev/generation of namespace shop"));
    }

    @Test
    void isTheSameForInstancesAndTellsWhy() {
        Catalog catalog = catalog("busybox:1", "busybox:2, 0");
        String former = catalog.earlier("tail").getFirst().generation();
        String present = catalog.profile("tail").orElseThrow().generation();
        ChosenGeneration chosen = new ChosenGeneration(
                former, "generation " + present + " is for 0% of workloads, and Deployment web1 is not among them");

        assertThat(injector.generations(pod(1, "a: b"), List.of("tail", "b.tail", "env"), SHOP, catalog))
                .containsExactly(Map.entry("tail", chosen), Map.entry("b.tail", chosen));
    }

    @Test
    void isNotOutdatedWhereAWorkloadIsNotSelected() {
        Catalog catalog = catalog("busybox:1", "busybox:2, 50");
        Catalog before = catalog("busybox:1");
        int outdated = 0;
        for (int workload = 0; workload < 40; workload++) {
            Pod pod = injected(pod(workload, "pillion.dev/inject: tail"), before);
            boolean selected =
                    image(pod(workload, "pillion.dev/inject: tail"), catalog).equals("busybox:2");
            Audit audit = new Audit(injector, catalog, Audit.Detail.CAUSE);
            audit.check(pod, SHOP);
            assertThat(audit.findings()).hasSize(selected ? 1 : 0);
            outdated += audit.findings().size();
        }
        assertThat(outdated).isBetween(5, 35);
    }

    @Test
    void leavesAPodUnchangedInTheSecondPassAndInTheFinalCheck() {
        Catalog catalog = catalog("busybox:1", "busybox:2, 50");
        for (int workload = 0; workload < 20; workload++) {
            Pod pod = injected(pod(workload, "pillion.dev/inject: tail"), catalog);

            assertThat(injector.decide(pod, SHOP, catalog)).isInstanceOf(Unchanged.class);
            assertThat(injector.violations(pod, SHOP, catalog)).isEmpty();
        }
    }

    @Test
    void isTheSameAfterARestart() {
        ResourceCatalog before = resources("busybox:1", "busybox:2, 50");
        var status = Objects.requireNonNull(before.statuses().get(new Id(Kind.PROFILE, "tail")));
        CatalogResource last = profile("busybox:2, 50");
        Catalog base = CatalogReader.builtIn();

        Catalog after = ResourceCatalog.over(base)
                .with(base, List.of(new CatalogResource(last.id(), 1, last.tree(), Optional.empty(), status.history())))
                .catalog();

        assertThat(selected(after, "busybox:2")).isEqualTo(selected(before.catalog(), "busybox:2"));
    }

    private Set<Integer> selected(Catalog catalog, String image) {
        Set<Integer> selected = new TreeSet<>();
        for (int workload = 0; workload < WORKLOADS; workload++) {
            if (image(pod(workload, "pillion.dev/inject: tail"), catalog).equals(image)) {
                selected.add(workload);
            }
        }
        return selected;
    }

    private String image(Pod pod, Catalog catalog) {
        return injected(pod, catalog)
                .container("tail")
                .orElseThrow()
                .tree()
                .path("image")
                .asText();
    }

    private Pod injected(Pod pod, Catalog catalog) {
        Injected injected = (Injected) injector.decide(pod, SHOP, catalog);
        Pod done = read(injected.patch().applyTo(pod.tree()));
        assertThat(Status.of(done).profiles()).containsOnlyKeys("tail");
        return done;
    }

    private static Catalog catalog(String... versions) {
        return resources(versions).catalog();
    }

    /** @param versions that came into force one after the other: an image, and a percentage if it is not for all */
    private static ResourceCatalog resources(String... versions) {
        Catalog base = CatalogReader.builtIn();
        ResourceCatalog catalog = ResourceCatalog.over(base);
        for (String version : versions) {
            catalog = catalog.with(base, List.of(profile(version)), HistoryRule.LEADING);
        }
        return catalog;
    }

    private static CatalogResource profile(String version, String... more) {
        List<String> parts = List.of(version.split(", "));
        List<String> spec = new ArrayList<>(List.of("description: Tails.", "pinnable: true"));
        spec.add("sidecars: [{name: tail, image: '" + parts.getFirst() + "'}]");
        if (parts.size() > 1) {
            spec.add("percentage: " + parts.getLast());
        }
        spec.addAll(List.of(more));
        ObjectNode object = (ObjectNode) yaml("metadata: {name: tail, generation: 1}");
        object.set("spec", yaml(String.join("\n", spec)));
        return CatalogResource.of(Kind.PROFILE, object);
    }

    private static Pod pod(int workload, String annotations) {
        String name = "web" + workload;
        return read(yaml("""
                metadata:
                  generateName: %1$s-abc-
                  annotations: {%2$s}
                  labels: {pod-template-hash: abc}
                  ownerReferences: [{controller: true, kind: ReplicaSet, name: %1$s-abc}]
                spec: {containers: [{name: web, image: nginx}]}
                """.formatted(name, annotations)));
    }

    private static Pod read(JsonNode tree) {
        try {
            return Pod.of(tree);
        } catch (MalformedPodException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
