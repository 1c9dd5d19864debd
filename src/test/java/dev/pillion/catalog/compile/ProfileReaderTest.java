package dev.pillion.catalog.compile;

import static dev.pillion.catalog.compile.Profiles.problems;
import static dev.pillion.catalog.compile.Profiles.profile;
import static dev.pillion.catalog.compile.Profiles.rendered;
import static dev.pillion.catalog.compile.Profiles.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.ContainerTemplate.FileTemplate;
import dev.pillion.catalog.ContainerTemplate.Inherited;
import dev.pillion.catalog.ContainerTemplate.Role;
import dev.pillion.catalog.GenerationSettings;
import dev.pillion.catalog.Guard;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Profile.Access;
import dev.pillion.catalog.SharedDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileReaderTest {

    @Test
    void readsNameDescriptionAndAccess() {
        // when
        Profile open = profile("");
        Profile restricted = profile("access: Restricted");

        // then
        assertThat(open.name()).isEqualTo("example");
        assertThat(open.description()).isEqualTo("An example.");
        assertThat(open.source()).isEqualTo("test.yaml");
        assertThat(open.access()).isEqualTo(Access.OPEN);
        assertThat(restricted.access()).isEqualTo(Access.RESTRICTED);
        assertThat(restricted.generation()).isNotEqualTo(open.generation());
    }

    @Test
    void readsTheSettingsOfGenerationsWhichAreNotPartOfTheGeneration() {
        Profile present = profile("pinnable: true\nhistoryLimit: 0\npercentage: 5");

        assertThat(present.generations()).isEqualTo(new GenerationSettings(true, 0, 5));
        assertThat(profile("").generations()).isEqualTo(new GenerationSettings(false, 10, 100));
        assertThat(present.generation()).isEqualTo(profile("").generation());
        assertThat(problems("historyLimit: 51\npercentage: 101\npinnable: 'yes'"))
                .extracting(Problem::inResource)
                .containsExactlyInAnyOrder(
                        "spec.historyLimit: must be from 0 to 50, is 51",
                        "spec.percentage: must be from 0 to 100, is 101",
                        "spec.pinnable: must be true or false, is \"yes\"");
    }

    @Test
    void putsInitContainersBeforeThePodsOwnAndSidecarsAfter() {
        // when
        List<ContainerTemplate> containers = profile("""
                initContainers:
                  - {name: init, image: a}
                  - {name: late, image: a, order: 55}
                sidecars:
                  - {name: sidecar, image: a}
                  - {name: early, image: a, order: -10}
                """).containers();

        // then
        assertThat(containers).extracting(ContainerTemplate::name).containsExactly("init", "late", "sidecar", "early");
        assertThat(containers).extracting(ContainerTemplate::order).containsExactly(40, 55, 60, -10);
        assertThat(containers)
                .extracting(ContainerTemplate::role)
                .containsExactly(Role.INIT, Role.INIT, Role.SIDECAR, Role.SIDECAR);
        assertThat(ContainerTemplate.OWN_ORDER).isEqualTo(50);
    }

    @Test
    void keepsPillionsOwnFieldsOutOfTheContainer() {
        // when
        ContainerTemplate container = profile("""
                parameters: [{name: names, type: list, default: [a]}]
                sidecars:
                  - name: a-${n}
                    image: busybox
                    order: 10
                    critical: true
                    startupProbe: {tcpSocket: {port: 80}}
                    readinessProbe: {tcpSocket: {port: 80}}
                    forEach: {'n': "${params.names}"}
                    when: ${n != 'b'}
                    inherit: [env, volumeMounts]
                    files: [{path: /etc/a/b, content: c}]
                    fieldOfANewerKubernetes: [1]
                """).containers().getFirst();

        // then
        assertThat(container.critical()).isTrue();
        assertThat(container.when().orElseThrow().source()).isEqualTo("n != 'b'");
        assertThat(container.forEach().orElseThrow().variable()).isEqualTo("n");
        assertThat(container.inherited()).containsExactlyInAnyOrder(Inherited.ENV, Inherited.VOLUME_MOUNTS);
        assertThat(container.files()).hasSize(1);
        assertThat(container.body())
                .isInstanceOfSatisfying(dev.pillion.expression.Template.Fields.class, body -> assertThat(body.fields())
                        .containsOnlyKeys(
                                "name",
                                "image",
                                "startupProbe",
                                "readinessProbe",
                                "fieldOfANewerKubernetes",
                                "securityContext",
                                "resources"));
    }

    @Test
    void keepsFieldsThatThisVersionDoesNotKnow() {
        assertThat(Profiles.container("""
                image: busybox
                newField: {list: [1, 1.10, "1", null, true], "${": kept}
                ports: [{containerPort: 80, newField: yes}]
                """.replace("\"${\"", "other"))).isEqualTo(withDefaults("""
                        name: a
                        image: busybox
                        newField: {list: [1, 1.10, "1", null, true], other: kept}
                        ports: [{containerPort: 80, newField: true}]
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log-tailer                | log-tailer             | true",
                "log-tailer                | log-tailer-2           | false",
                "log-tailer                | my-log-tailer          | false",
                "a.b                       | acb                    | false",
                "wait-for-${target.name}   | wait-for-postgres-5432 | true",
                "wait-for-${target.name}   | wait-for               | false",
                "wait-for-${target.name}   | wait-for-              | false",
                "wait-for-${target.name}   | await-for-x            | false",
                "x-${target.name}-y        | x-a-b-y                | true",
                "x-${target.name}-y        | x-a-b                  | false",
            })
    void knowsTheNamesThatItsContainersCanHave(String template, String name, boolean allowed) {
        // given
        String spec = """
                parameters: [{name: targets, type: endpoints, required: true}]
                initContainers:
                  - {name: "%s", forEach: {target: "${params.targets}"}, image: busybox}
                """.formatted(template);
        String plain = "initContainers: [{name: \"" + template.replace(".", "-") + "\", image: busybox}]";

        // then
        assertThat(mayBeCalled(profile(template.contains("$") ? spec : plain), name))
                .isEqualTo(allowed);
    }

    @Test
    void knowsTheNamesIfTheExpressionContainsBraces() {
        // given
        Profile profile = profile("""
                parameters: [{name: names, type: list, default: [a]}]
                initContainers:
                  - {name: "x-${{'a': n}['a']}-y", forEach: {'n': "${params.names}"}, image: busybox}
                """);

        // then
        assertThat(mayBeCalled(profile, "x-b-y")).isTrue();
    }

    @Test
    void knowsTheNamesThatItsSidecarsCanHave() {
        // given
        Profile profile = profile("""
                initContainers: [{name: fetch, image: busybox}]
                sidecars: [{name: tail, image: busybox}]
                """);

        // then
        assertThat(profile.mayNameSidecar("tail")).isTrue();
        assertThat(profile.mayNameSidecar("fetch")).isFalse();
        assertThat(profile.mayNameSidecar("app")).isFalse();
    }

    @Test
    void evaluatesExpressionsInTheDefaultOfAList() {
        // given
        Parameter parameter = profile("parameters: [{name: a, type: list, default: [x, \"${pod.metadata.name}\"]}]")
                .parameters()
                .get("a");

        // then
        assertThat(rendered(parameter.defaultValue().orElseThrow(), "{metadata: {name: web}, spec: {}}"))
                .hasToString("[\"x\",\"web\"]");
    }

    @Test
    void readsFilesWithTextsExpressionsAndTrees() {
        // given
        List<FileTemplate> files = profile("""
                parameters: [{name: port, type: port, default: 80}]
                sidecars:
                  - name: a
                    image: busybox
                    files:
                      - {path: /etc/a/text, content: "costs 5$ and $${env:HOME}"}
                      - {path: "/etc/${pod.metadata.?name.orValue('')}/tree", content: {name: "${pod.metadata.?name.orValue('')}", list: ["x${1 + 1}", 2]}}
                      - {path: /etc/a/whole, content: "${pod.metadata.?labels}", when: "${params.port > 1}"}
                """).containers().getFirst().files();
        String pod = "{metadata: {name: web, labels: {a: b}}, spec: {}}";

        // then
        assertThat(rendered(files.get(0).content()).textValue()).isEqualTo("costs 5$ and ${env:HOME}");
        assertThat(files.get(0).when()).isEmpty();
        assertThat(rendered(files.get(1).path(), pod).textValue()).isEqualTo("/etc/web/tree");
        assertThat(rendered(files.get(1).content(), pod)).hasToString("{\"name\":\"web\",\"list\":[\"x2\",2]}");
        assertThat(rendered(files.get(2).content(), pod)).hasToString("{\"a\":\"b\"}");
        assertThat(files.get(2).when()).isPresent();
    }

    @Test
    void readsSharedDirectories() {
        // when
        List<SharedDirectory> directories = profile("""
                initContainers: [{name: fetch, image: a}]
                sidecars: [{name: tail, image: a}]
                sharedDirectories:
                  - {path: /var/log, readers: [tail], writers: [fetch]}
                  - {path: "/srv/${pod.metadata.?name.orValue('')}", name: www, emptyDir: {medium: Memory, sizeLimit: 1Gi}}
                """).sharedDirectories();

        // then
        SharedDirectory logs = directories.get(0);
        assertThat(rendered(logs.path()).textValue()).isEqualTo("/var/log");
        assertThat(logs.name()).isEmpty();
        assertThat(logs.readers()).containsExactly("tail");
        assertThat(logs.writers()).containsExactly("fetch");
        assertThat(rendered(logs.emptyDir())).hasToString("{}");

        SharedDirectory www = directories.get(1);
        assertThat(rendered(www.path(), "{metadata: {name: web}, spec: {}}").textValue())
                .isEqualTo("/srv/web");
        assertThat(rendered(www.name().orElseThrow()).textValue()).isEqualTo("www");
        assertThat(www.readers()).isEmpty();
        assertThat(rendered(www.emptyDir())).hasToString("{\"medium\":\"Memory\",\"sizeLimit\":\"1Gi\"}");
    }

    @Test
    void readsAdditionsToTheAppAndThePod() {
        // when
        Profile profile = profile("""
                volumes:
                  - {name: ca, configMap: {name: ca, defaultMode: 0444}}
                app:
                  env: [{name: A, value: "$(KEPT)"}, {name: B, value: "${pod.metadata.?name.orValue('')}"}]
                  volumeMounts: [{name: ca, mountPath: /etc/ca, readOnly: true}]
                pod:
                  labels: {injected: "yes"}
                  imagePullSecrets: [{name: regcred}]
                """);

        // then
        assertThat(profile.volumes()).hasSize(1);
        assertThat(rendered(profile.volumes().getFirst()))
                .isEqualTo(tree("{name: ca, configMap: {name: ca, defaultMode: 292}}"));
        assertThat(profile.app()).containsOnlyKeys("env", "volumeMounts");
        assertThat(rendered(profile.app().get("env"), "{metadata: {name: web-$(B)}, spec: {}}"))
                .as("what the app gets is expanded as its own would be")
                .isEqualTo(tree("[{name: A, value: $(KEPT)}, {name: B, value: web-$(B)}]"));
        assertThat(profile.pod()).containsOnlyKeys("labels", "imagePullSecrets");
    }

    /** The kubelet expands commands, arguments and environment of a container, and the commands of its probes. */
    @Test
    void escapesValuesWhereTheKubeletExpandsThem() {
        // given
        ContainerTemplate container = profile("""
                sidecars:
                  - name: a
                    image: busybox
                    command: ["${pod.metadata.?name.orValue('')}", $(KEPT)]
                    args: ["--name=${pod.metadata.?name.orValue('')}"]
                    env: [{name: A, value: "${pod.metadata.?name.orValue('')}"}]
                    workingDir: /${pod.metadata.?name.orValue('')}
                    livenessProbe: {exec: {command: ["${pod.metadata.?name.orValue('')}"]}}
                    lifecycle: {preStop: {exec: {command: ["${pod.metadata.?name.orValue('')}"]}}}
                """).containers().getFirst();

        // when
        var body = rendered(container.body(), "{metadata: {name: $(X)}, spec: {}}");

        // then
        assertThat(body.path("command")).isEqualTo(tree("[$$(X), $(KEPT)]"));
        assertThat(body.path("args")).isEqualTo(tree("[--name=$$(X)]"));
        assertThat(body.at("/env/0/value").textValue()).isEqualTo("$$(X)");
        assertThat(body.path("workingDir").textValue()).isEqualTo("/$(X)");
        assertThat(body.at("/livenessProbe/exec/command/0").textValue()).isEqualTo("$$(X)");
        assertThat(body.at("/lifecycle/preStop/exec/command/0").textValue()).isEqualTo("$(X)");
    }

    @Test
    void escapesValuesInASubPathThatTheKubeletExpands() {
        // given
        ContainerTemplate container = profile("""
                sidecars:
                  - name: a
                    image: busybox
                    volumeMounts: [{name: "${'data'}", mountPath: /data, subPathExpr: "${pod.metadata.?name.orValue('')}"}]
                """).containers().getFirst();

        // then
        assertThat(rendered(container.body(), "{metadata: {name: $(X)}, spec: {}}")
                        .at("/volumeMounts/0/subPathExpr")
                        .textValue())
                .isEqualTo("$$(X)");
    }

    @Test
    void readsGuards() {
        // when
        List<Guard> guards = profile("""
                skipWhen:
                  - {name: host-network, expression: "has(pod.spec.hostNetwork)", message: uses the node's network}
                """).skipWhen();

        // then
        assertThat(guards).singleElement().satisfies(guard -> {
            assertThat(guard.name()).isEqualTo("host-network");
            assertThat(guard.message()).isEqualTo("uses the node's network");
        });
    }

    @Test
    void changesItsGenerationWithItsContent() {
        assertThat(profile("sidecars: [{name: a, image: b}]").generation())
                .isEqualTo(profile("sidecars:\n  - name: a\n    image: b").generation())
                .isNotEqualTo(profile("sidecars: [{name: a, image: c}]").generation());
    }

    @Test
    void keepsItsGenerationWhenOnlyItsTextsForPeopleChange() {
        String spec = """
                parameters: [{name: path, type: path, default: /var/log, description: "%s"}]
                skipWhen: [{name: host-network, expression: "has(pod.spec.hostNetwork)", message: "%s"}]
                """;

        Profile profile = profile(spec.formatted("Where the logs are.", "uses the node's network"));

        assertThat(profile.generation())
                .isEqualTo(profile(spec.formatted("The directory.", "uses the network of its node"))
                        .generation())
                .isEqualTo(profile(spec.replace(", description: \"%s\"", "").formatted("no network"))
                        .generation());
    }

    @Test
    void keepsItsGenerationWhenTheFieldsOfAMapAreReordered() {
        assertThat(profile("sidecars: [{name: a, image: b, resources: {limits: {memory: 1Mi, cpu: 1}}}]")
                        .generation())
                .isEqualTo(profile("sidecars: [{image: b, resources: {limits: {cpu: 1, memory: 1Mi}}, name: a}]")
                        .generation());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parameters: [{name: a, type: string, default: b}] | parameters: [{name: a, type: string, default: c}]",
                "parameters: [{name: a, type: string, default: b}] | parameters: [{name: a, type: string, default: b, pattern: b+}]",
                "parameters: [{name: a, type: map, default: {B: x, A: $(B)}}] | parameters: [{name: a, type: map, default: {A: $(B), B: x}}]",
                "sidecars: [{name: a, image: b, files: [{path: /a/b, content: {x: 1, y: 2}}]}] | sidecars: [{name: a, image: b, files: [{path: /a/b, content: {y: 2, x: 1}}]}]",
                "app: {env: [{name: description, value: a}]} | app: {env: [{name: description, value: b}]}",
                "pod: {annotations: {description: a}} | pod: {annotations: {description: b}}",
                "skipWhen: [{name: a, expression: 'true', message: m}] | skipWhen: [{name: b, expression: 'true', message: m}]",
                "skipWhen: [{name: a, expression: 'true', message: m}] | skipWhen: [{name: a, expression: 'false', message: m}]",
                "access: Open | access: Restricted"
            })
    void changesItsGenerationWithWhatItAddsOrAccepts(String before, String after) {
        assertThat(profile(before).generation()).isNotEqualTo(profile(after).generation());
    }

    @Test
    void reportsThePlaceOfAProblem() {
        // when
        List<Problem> problems = problems("sidecars:\n  - {name: a}\n");

        // then
        assertThat(problems).containsExactly(new Problem("test.yaml", 7, "spec.sidecars[0].image", "is missing"));
        assertThat(problems.getFirst()).hasToString("test.yaml:7: spec.sidecars[0].image: is missing");
        assertThat(new Problem("a.yaml", 1, "", "is not YAML")).hasToString("a.yaml:1: is not YAML");
        assertThat(new InvalidCatalogException(problems)).hasMessage("test.yaml:7: spec.sidecars[0].image: is missing");
    }

    private static boolean mayBeCalled(Profile profile, String name) {
        return profile.containers().getFirst().names().matcher(name).matches();
    }

    private static JsonNode withDefaults(String container) {
        return tree(container + """
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities: {drop: [ALL]}
                  runAsNonRoot: true
                  seccompProfile: {type: RuntimeDefault}
                resources: {requests: {cpu: 10m, memory: 32Mi}}
                """);
    }
}
