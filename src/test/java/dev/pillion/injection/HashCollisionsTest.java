package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The author of a Pod can choose names that all have the same hash. They must not cost more than other names. */
class HashCollisionsTest {

    private static final int NAMES = 16_384;
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Names of 28 letters: "Aa" and "BB" have the same hash. */
    private static List<String> names() {
        return IntStream.range(0, NAMES)
                .mapToObj(index -> {
                    StringBuilder name = new StringBuilder();
                    for (int bit = 0; bit < 14; bit++) {
                        name.append((index >> bit & 1) == 0 ? "Aa" : "BB");
                    }
                    return name.toString();
                })
                .toList();
    }

    private static ObjectNode pod() {
        return (ObjectNode) Trial.yaml("{metadata: {name: web}, spec: {containers: [{name: web, image: nginx}]}}");
    }

    @Test
    void haveTheSameHash() {
        assertThat(names()).doesNotHaveDuplicates();
        assertThat(names().stream().map(String::hashCode))
                .containsOnly(names().getFirst().hashCode());
    }

    @Test
    void costNothingInAForgedStatus() {
        ObjectNode pod = pod();
        ObjectNode status = pod.objectNode();
        names().forEach(name ->
                status.withObject("/envFrom").withArray("/web").addObject().put("x", name));
        pod.withObject("/metadata/annotations")
                .put(Annotations.STATUS, status.toString())
                .put("pillion.dev/inject", "logging");

        Decision decision = assertTimeoutPreemptively(SOON, () -> Trial.of(pod).decide());

        assertThat(decision).as("it exceeds the size limit of annotations").isInstanceOf(Decision.Denied.class);
    }

    @Test
    void costNothingInInheritedVariables() {
        ObjectNode pod = pod();
        JsonNode list = pod.withArray("/spec/containers").get(0);
        names().subList(0, NAMES / 2)
                .forEach(name ->
                        ((ObjectNode) list).withArray("/env").addObject().put("name", name));
        ObjectNode companion = pod.withArray("/spec/initContainers").addObject().put("name", "inheriting");
        companion.set("env", list.path("env"));
        Trial trial = Trial.of(pod)
                .withProfiles(
                        Trial.profile("inheriting", """
                initContainers: [{name: inheriting, inherit: [image, env], command: [migrate]}]
                """),
                        Trial.policy("rule", "mode: Enforce\nmatch: {}\nprofiles: [{name: inheriting}]\n"));

        List<Reason> findings = assertTimeoutPreemptively(SOON, trial::missing);

        assertThat(findings).singleElement().satisfies(finding -> assertThat(finding.message())
                .contains("container inheriting differs from the profile"));
    }

    @Test
    void costNothingInLabelsAnnotationsAndVolumes() {
        ObjectNode pod = pod();
        names().forEach(name -> {
            pod.withObject("/metadata/labels").put(name, "x");
            pod.withObject("/metadata/annotations").put(name, "x");
            pod.withArray("/spec/volumes").addObject().put("name", name);
        });
        pod.withObject("/metadata/annotations").put("pillion.dev/inject", "logging");

        assertThat(assertTimeoutPreemptively(SOON, () -> Trial.of(pod).decide()))
                .isNotNull();
    }
}
