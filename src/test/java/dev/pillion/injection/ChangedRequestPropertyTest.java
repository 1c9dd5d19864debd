package dev.pillion.injection;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.injection.uninject.Uninjection;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.yaml.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** For generated Pods and two random requests: the second request after the first has the result of the second alone, or is denied. Both can be removed. */
class ChangedRequestPropertyTest {

    private static final int PODS = 500;
    private static final Catalog CATALOG = Trial.of("{spec: {containers: []}}")
            .withProfiles(
                    profile("placed", """
                            parameters: [{name: seconds, type: integer, default: 60}, {name: disk, type: string, default: ssd}]
                            pod:
                              terminationGracePeriodSeconds: ${params.seconds}
                              nodeSelector: {disk: "${params.disk}"}
                              tolerations: [{key: disk, operator: Equal, value: "${params.disk}"}, {key: gpu, operator: Exists}]
                              hostAliases: [{ip: 10.0.0.1, hostnames: [license]}]
                              dnsConfig: {searches: [corp.example], options: [{name: ndots, value: "2"}]}
                              topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]
                              affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: ["${params.disk}"]}]}]}}}
                            """),
                    profile("trusted", """
                            parameters: [{name: group, type: integer, default: 2000}]
                            pod:
                              labels: {tier: trusted}
                              securityContext: {fsGroup: "${params.group}"}
                              shareProcessNamespace: true
                              priorityClassName: high
                              runtimeClassName: gvisor
                              serviceAccountName: agent
                              terminationGracePeriodSeconds: 45
                              nodeSelector: {disk: hdd, arch: arm}
                              tolerations: [{key: gpu, operator: Exists}]
                              affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, podAffinityTerm: {topologyKey: zone}}]}}
                            """),
                    policy("all", "mode: Permit\nmatch: {}\nprofiles: [{name: placed}, {name: trusted}]\n"))
            .catalog();

    /** Fields of a Pod's spec that profiles add to, in flow style. */
    private static final List<String> FIELDS = List.of(
            "{terminationGracePeriodSeconds: 50}",
            "{nodeSelector: {disk: hdd}}",
            "{nodeSelector: null}",
            "{tolerations: [{key: gpu, operator: Exists}]}",
            "{tolerations: []}",
            "{hostAliases: [{ip: 10.9.9.9, hostnames: [other]}]}",
            "{dnsConfig: {options: [{name: ndots, value: '5'}]}}",
            "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: Exists}]}, {matchExpressions: [{key: disk, operator: Exists}]}]}}}}",
            "{affinity: {}}",
            "{priorityClassName: low}",
            "{shareProcessNamespace: false}",
            "{serviceAccountName: default, serviceAccount: default}",
            "{priority: 0, preemptionPolicy: PreemptLowerPriority}");

    @Test
    void theSecondRequestAfterTheFirstHasTheResultOfTheSecondAlone() {
        AtomicInteger compared = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Seeds.each(PODS, random -> {
            JsonNode original = withFields(random, RealisticPods.pod(random));
            Map<String, String> first = request(random, original);
            Map<String, String> second =
                    random.nextInt(4) == 0 ? similar(random, first) : request(random, RealisticPods.pod(random));
            Injector before = injector(random.nextInt(10) != 0);
            Injector after = injector(random.nextInt(10) != 0);
            JsonNode alone = requesting(second, original);
            JsonNode changed = requesting(second, passed(before, requesting(first, original)));
            Decision expected = after.decide(Pod.of(alone), Namespace.named("shop"), CATALOG);
            Decision actual = after.decide(Pod.of(changed), Namespace.named("shop"), CATALOG);

            switch (actual) {
                case Denied(Reason reason, var _, var _, var _) -> {
                    assertThat(expected instanceof Denied || reason.code() == ReasonCode.CHANGED_REQUEST)
                            .as(reason.toString())
                            .isTrue();
                    refused.addAndGet(expected instanceof Denied ? 0 : 1);
                }
                case Injected _, Unchanged _ -> {
                    compared.incrementAndGet();
                    JsonNode result = applied(actual, changed);
                    assertThat(withoutReasons(result)).isEqualTo(withoutReasons(applied(expected, alone)));
                    Uninjection undone = Uninjector.uninject(Pod.of(result), CATALOG);
                    assertThat(undone.kept()).isEmpty();
                    assertThat(Oracles.apply(undone.patch(), result)).isEqualTo(alone);
                    Decision again = after.decide(Pod.of(result), Namespace.named("shop"), CATALOG);
                    assertThat(again)
                            .as("another pass, %s", again.plan().warnings())
                            .isInstanceOf(Unchanged.class);
                }
            }
        });
        if (System.getProperty("seed") == null) {
            assertThat(compared.get()).as("Pods that are injected").isGreaterThan(PODS / 4);
            assertThat(refused.get())
                    .as("Pods that are denied only because of the change")
                    .isLessThan(PODS / 50);
        }
    }

    @Test
    void annotationsByOptionsAreRemovedAgain() {
        Seeds.each(PODS / 5, random -> {
            JsonNode original = requesting(Map.of(), withFields(random, RealisticPods.pod(random)));
            Map<String, String> first = request(random, RealisticPods.pod(random));
            Map<String, String> second = request(random, RealisticPods.pod(random));
            Injector injector = injector(true);
            if (random.nextInt(3) == 0) {
                ((ObjectNode) original.path("metadata")).putNull("annotations");
            } else if (random.nextInt(3) == 0) {
                ((ObjectNode) original).remove("metadata");
            }
            JsonNode once =
                    applied(injector.decide(Pod.of(original), first, Namespace.named("shop"), CATALOG), original);
            Decision again = injector.decide(Pod.of(once), second, Namespace.named("shop"), CATALOG);
            JsonNode twice = applied(again, once);

            for (JsonNode injected : List.of(once, twice)) {
                Uninjection undone = Uninjector.uninject(Pod.of(injected), CATALOG);
                assertThat(undone.kept()).isEmpty();
                assertThat(undone.pod()).isEqualTo(original);
            }
        });
    }

    private static Injector injector(boolean nativeSidecars) {
        return new Injector(InjectionSettings.defaults().withNativeSidecars(nativeSidecars));
    }

    private static JsonNode passed(Injector injector, JsonNode pod) throws Exception {
        return applied(injector.decide(Pod.of(pod), Namespace.named("shop"), CATALOG), pod);
    }

    private static JsonNode applied(Decision decision, JsonNode pod) throws Exception {
        return decision instanceof Injected(var _, var patch) ? Oracles.apply(patch, pod) : pod;
    }

    private static JsonNode withFields(Random random, JsonNode pod) {
        ObjectNode spec = (ObjectNode) pod.path("spec");
        for (int count = random.nextInt(4); count > 0; count--) {
            spec.setAll((ObjectNode) Trial.yaml(FIELDS.get(random.nextInt(FIELDS.size()))));
        }
        return pod;
    }

    /** The request of a Pod, with additional annotations. */
    private static Map<String, String> request(Random random, JsonNode pod) {
        Map<String, String> request = new TreeMap<>();
        pod.at("/metadata/annotations").properties().forEach(annotation -> {
            if (Annotations.isRequest(annotation.getKey())) {
                request.put(annotation.getKey(), annotation.getValue().asText());
            }
        });
        if (random.nextInt(3) == 0) {
            addInstances(random, request);
        }
        switch (random.nextInt(8)) {
            case 0 -> request.put(Annotations.INJECT, "false");
            case 1 -> request.put(Annotations.CONTAINERS, "web");
            case 2 -> {
                request.remove("wait-for.pillion.dev/targets");
                request.put(Annotations.WAIT_FOR, "db:5432, dns://cache");
            }
            default -> {}
        }
        if (!"false".equals(request.get(Annotations.INJECT))) {
            for (String profile : List.of("placed", "trusted")) {
                if (random.nextInt(3) == 0) {
                    request.merge(Annotations.INJECT, profile, (all, more) -> all + ", " + more);
                }
            }
            if (request.getOrDefault(Annotations.INJECT, "").contains("placed") && random.nextBoolean()) {
                request.put("placed.pillion.dev/seconds", Integer.toString(20 + random.nextInt(60)));
                request.put("placed.pillion.dev/disk", random.nextBoolean() ? "hdd" : "nvme");
            }
        }
        return request;
    }

    /** Adds instances of some profiles, with some of their parameters. */
    private static void addInstances(Random random, Map<String, String> request) {
        List<String> profiles = new ArrayList<>();
        for (String profile : request.getOrDefault(Annotations.INJECT, "").split(",")) {
            profiles.add(profile);
            if (random.nextInt(3) == 0 && !profile.isEmpty()) {
                String instance = List.of("b", "audit").get(random.nextInt(2)) + "." + profile;
                profiles.add(random.nextInt(profiles.size() + 1), instance);
                String prefix = Annotations.parameter(profile, "");
                Map.copyOf(request).forEach((name, value) -> {
                    if (name.startsWith(prefix)) {
                        request.put(Annotations.parameter(instance, name.substring(prefix.length())), value);
                    }
                });
            }
        }
        request.put(Annotations.INJECT, String.join(",", profiles));
    }

    /** The request with its profiles in another order, or without one annotation. */
    private static Map<String, String> similar(Random random, Map<String, String> request) {
        Map<String, String> other = new TreeMap<>(request);
        if (random.nextBoolean()) {
            List<String> profiles = new ArrayList<>(
                    List.of(request.getOrDefault(Annotations.INJECT, "").split(",")));
            java.util.Collections.shuffle(profiles, random);
            other.put(Annotations.INJECT, String.join(",", profiles));
        } else if (!request.isEmpty()) {
            other.remove(List.copyOf(request.keySet()).get(random.nextInt(request.size())));
        }
        return other;
    }

    private static JsonNode requesting(Map<String, String> request, JsonNode pod) {
        ObjectNode copy = pod.deepCopy();
        ObjectNode annotations = copy.withObject("/metadata/annotations");
        List<String> names = new ArrayList<>();
        annotations.fieldNames().forEachRemaining(names::add);
        names.stream().filter(Annotations::isRequest).forEach(annotations::remove);
        request.forEach(annotations::put);
        return copy;
    }

    /** The source of a request has no effect on the result. */
    private static JsonNode withoutReasons(JsonNode pod) throws Exception {
        ObjectNode copy = pod.deepCopy();
        JsonNode status = pod.path("metadata").path("annotations").path(Annotations.STATUS);
        if (!status.isMissingNode()) {
            JsonNode tree = Trial.yaml(status.asText());
            tree.path("profiles").forEach(profile -> ((ObjectNode) profile).remove("reason"));
            copy.withObject("/metadata/annotations").set(Annotations.STATUS, tree);
        }
        return copy;
    }
}
