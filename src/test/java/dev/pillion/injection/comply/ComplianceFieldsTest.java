package dev.pillion.injection.comply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.compare.KubernetesAdditions;
import dev.pillion.injection.compare.KubernetesAdditions.Addition;
import dev.pillion.injection.comply.DefaultedPodsTest.Case;
import dev.pillion.injection.comply.PodFields.PodField;
import dev.pillion.injection.comply.SchemaChanges.Change;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Changes, adds and removes every field of containers, volumes and Pods in Kubernetes for the companions of every built-in profile. Each
 * change is a finding, except for the fields in {@link KubernetesAdditions} and {@link PodFields}, which {@code docs/enforcement.md} lists.
 */
class ComplianceFieldsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> OWN_CONTAINERS = Set.of("prepare", "web", "worker");
    private static final Set<String> OWN_VOLUMES = Set.of("data", "settings");

    private static final Set<String> LISTED = Stream.concat(
                    KubernetesAdditions.OF_CONTAINER.stream(), KubernetesAdditions.OF_VOLUME.stream())
            .map(Addition::path)
            .collect(Collectors.toSet());

    static Stream<Case> cases() {
        return DefaultedPodsTest.cases();
    }

    static Stream<Case> casesWithCompanions() {
        return cases().filter(each -> !each.profile().equals("env"));
    }

    private static ObjectNode pod(Case each) throws Exception {
        return (ObjectNode) JSON.readTree(Files.readString(each.file()));
    }

    @ParameterizedTest
    @MethodSource("casesWithCompanions")
    void aChangeOfAnyFieldOfACompanionIsAFinding(Case each) throws Exception {
        ObjectNode pod = pod(each);
        Trial trial = each.trial(pod);
        List<String> unfound = new ArrayList<>();
        int changes = 0;
        for (String list : List.of("initContainers", "containers")) {
            for (int index = 0; index < pod.path("spec").path(list).size(); index++) {
                JsonNode companion = pod.path("spec").path(list).get(index);
                if (OWN_CONTAINERS.contains(companion.path("name").asText())) {
                    continue;
                }
                for (Change change : SchemaChanges.of("Container", companion)) {
                    if (isUndoneDefault(change, companion) || isInherited(each, change)) {
                        continue;
                    }
                    changes++;
                    ObjectNode changed = pod.deepCopy();
                    ((ArrayNode) changed.path("spec").path(list)).set(index, change.result());
                    if (trial.again(changed).missing().isEmpty()) {
                        unfound.add(companion.path("name").asText() + ": " + change.path() + " " + change.what());
                    }
                }
            }
        }

        assertThat(unfound).isEmpty();
        assertThat(changes).isGreaterThan(200);
    }

    /** The defaults of the API server can be absent. */
    private static boolean isUndoneDefault(Change change, JsonNode before) {
        if (!change.what().startsWith("removed")) {
            return false;
        }
        if (change.path().equals("volumeMounts")) {
            return !change.result().toString().contains("kube-api-access-")
                    && before.toString().contains("kube-api-access-");
        }
        // The default source of a volume is emptyDir.
        boolean plainDirectory =
                change.path().equals("emptyDir") && before.path("emptyDir").isEmpty();
        return plainDirectory
                || (!change.path().equals("image")
                        && LISTED.contains(change.path())
                        && !change.path().startsWith("projected.sources"));
    }

    /** The profile migrate inherits these fields from the app, which another webhook can change. */
    private static boolean isInherited(Case each, Change change) {
        return each.profile().equals("migrate")
                && change.what().startsWith("removed")
                && Set.of("env", "volumeMounts").contains(change.path());
    }

    @ParameterizedTest
    @MethodSource("casesWithCompanions")
    void aChangeOfAnyFieldOfACompanionsVolumeIsAFinding(Case each) throws Exception {
        ObjectNode pod = pod(each);
        Trial trial = each.trial(pod);
        List<String> unfound = new ArrayList<>();
        for (int index = 0; index < pod.path("spec").path("volumes").size(); index++) {
            JsonNode volume = pod.path("spec").path("volumes").get(index);
            String name = volume.path("name").asText();
            // The profile migrate inherits the mount of the token from the app.
            if (OWN_VOLUMES.contains(name)
                    || (each.profile().equals("migrate") && name.startsWith("kube-api-access-"))) {
                continue;
            }
            for (Change change : SchemaChanges.of("Volume", volume)) {
                if (isUndoneDefault(change, volume)) {
                    continue;
                }
                ObjectNode changed = pod.deepCopy();
                ((ArrayNode) changed.path("spec").path("volumes")).set(index, change.result());
                if (trial.again(changed).missing().isEmpty()) {
                    unfound.add(name + ": " + change.path() + " " + change.what());
                }
            }
        }

        assertThat(unfound).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("casesWithCompanions")
    void aFieldThatThisVersionDoesNotKnowIsAFinding(Case each) throws Exception {
        ObjectNode pod = pod(each);
        Trial trial = each.trial(pod);
        for (JsonNode container : companions(pod)) {
            ObjectNode changed = pod.deepCopy();
            ObjectNode companion = companions(changed).stream()
                    .filter(other -> other.path("name").equals(container.path("name")))
                    .findFirst()
                    .orElseThrow();
            companion.putObject("fieldOfTomorrow").put("inject", "anything");

            assertThat(trial.again(changed).missing()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("casesWithCompanions")
    void anAdditionOfKubernetesIsNoFinding(Case each) throws Exception {
        ObjectNode pod = pod(each);
        ((ObjectNode) pod.path("metadata"))
                .put("name", pod.at("/metadata/generateName").asText("web-") + "x1y2z")
                .put("uid", "0b5a")
                .put("creationTimestamp", "2026-11-30T08:00:00Z");
        for (ObjectNode companion : companions(pod)) {
            companion.put("imagePullPolicy", "Always");
            companion
                    .withArray("/resizePolicy")
                    .addObject()
                    .put("resourceName", "cpu")
                    .put("restartPolicy", "NotRequired");
            companion.withObject("/securityContext").put("procMount", "Default");
            ObjectNode limits = companion.withObject("/resources/limits");
            limits.put("cpu", limits.path("cpu").asText("500m"));
            limits.put("memory", limits.path("memory").asText("1Gi"));
            companion.withObject("/resources/requests").put("ephemeral-storage", "1Gi");
        }

        assertThat(each.trial(pod).missing()).isEmpty();
    }

    private static List<ObjectNode> companions(JsonNode pod) {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> pod.path("spec").path(list).valueStream())
                .filter(container ->
                        !OWN_CONTAINERS.contains(container.path("name").asText()))
                .map(ObjectNode.class::cast)
                .toList();
    }

    @Test
    void eachFieldOfAPodsSpecIsOnTheListOnce() {
        assertThat(PodFields.ALL)
                .extracting(PodField::name)
                .containsExactlyElementsOf(new TreeSet<>(SchemaChanges.fields("PodSpec")));
    }

    /** The tests above change the elements of {@code containers}, {@code initContainers} and {@code volumes}. */
    @Test
    void aChangeOfAFieldOfThePodsSpecIsAFindingAccordingToTheList() throws Exception {
        Case logging = new Case("logging", true);
        ObjectNode pod = pod(logging);
        Trial trial = logging.trial(pod);
        Set<String> found = new TreeSet<>();
        for (Change change : SchemaChanges.of("PodSpec", pod.path("spec"))) {
            String field = change.path().split("[.]")[0];
            if (!Set.of("containers", "initContainers", "volumes").contains(field)) {
                ObjectNode changed = pod.deepCopy();
                changed.set("spec", change.result());
                if (!trial.again(changed).missing().isEmpty()) {
                    found.add(field);
                }
            }
        }

        assertThat(found)
                .containsExactlyElementsOf(PodFields.ALL.stream()
                        .filter(field -> !field.rule().isEmpty())
                        .map(PodField::name)
                        // The result depends on the companions: see EnforcementBypassTest and EnforcementAttackTest.
                        .filter(name -> !Set.of(
                                        "containers",
                                        "initContainers",
                                        "volumes",
                                        "hostAliases",
                                        "hostname",
                                        "hostnameOverride",
                                        "subdomain",
                                        "resources")
                                .contains(name))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
