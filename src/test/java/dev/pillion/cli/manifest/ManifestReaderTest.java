package dev.pillion.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.cli.Run;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests that commands can read, and the messages about others. */
class ManifestReaderTest {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec: {containers: [{name: app, image: nginx}]}
            """;

    @TempDir
    private Path directory;

    @Test
    void readsADirectoryInOrderOfNamesAndItsSubdirectoriesOnRequest() throws IOException {
        write("b.yml", POD.formatted("second"));
        write("a.yaml", POD.formatted("first"));
        write(
                "c.json",
                "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"third\"}, \"spec\": {}}");
        write("notes.txt", "no manifest");
        write(".hidden.yaml", "no manifest");
        write("below/d.yaml", POD.formatted("below"));

        assertThat(Run.of("inject", "-f", directory.toString()).err().lines())
                .extracting(line -> line.replaceFirst(":.*", ""))
                .containsExactly("Pod/first", "Pod/second", "Pod/third");
        assertThat(Run.of("inject", "-R", "-f", directory.toString()).err()).contains("Pod/below");
    }

    @Test
    void readsSeveralInputsWithAndWithoutTheOption() throws IOException {
        Path a = write("a.yaml", POD.formatted("a"));
        Path b = write("b.yaml", POD.formatted("b"));

        Run run = Run.withInput(POD.formatted("c"), "inject", "-f", a.toString(), "-f", "-", b.toString());

        assertThat(run.err().lines())
                .extracting(line -> line.replaceFirst(":.*", ""))
                .containsExactly("Pod/a", "Pod/c", "Pod/b");
    }

    @Test
    void reportsEveryFileThatCannotBeReadAndPrintsNothing() throws IOException {
        write("a.yaml", "a: [1,\n");
        write("b.yaml", POD.formatted("good"));
        write("c.yaml", "apiVersion: v1\n---\nkind: Pod\n");
        write("d.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: d}\nspec:\n\tcontainers: []\n");

        Run run = Run.of("inject", "-f", directory.toString(), "-f", "missing.yaml");

        assertThat(run.code()).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().map(line -> line.replace(directory + "/", "")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("a.yaml:2: is not YAML: "),
                        line -> assertThat(line).startsWith("c.yaml:1: is not a Kubernetes manifest"),
                        line -> assertThat(line).startsWith("c.yaml:3: is not a Kubernetes manifest"),
                        line -> assertThat(line).startsWith("d.yaml:5: is not YAML: "),
                        line -> assertThat(line).startsWith("missing.yaml: no such file or directory"));
    }

    @Test
    void reportsEveryMalformedPod() throws IOException {
        write("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: 3}\n");
        write("b.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: 3}\n");

        Run run = Run.of("inject", "-f", directory.toString());

        assertThat(run.code()).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run.err().lines()).hasSize(2);
        assertThat(Run.of("uninject", "-f", directory.toString()).err()).isEqualTo(run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
    void readsTheTemplatesOfApps(String kind) throws Exception {
        Run run = injectInto("""
                apiVersion: apps/v1
                kind: %s
                metadata: {name: web}
                spec: {template: {spec: {containers: [{name: app, image: nginx}]}}}
                """.formatted(kind));

        assertThat(run.err()).isEqualTo(kind + "/web: injected logging\n");
        assertThat(run.documents().getFirst().at("/spec/template/spec/initContainers"))
                .hasSize(1);
    }

    @Test
    void readsTheTemplatesOfReplicationControllersJobsAndCronJobs() throws Exception {
        Run run = injectInto("""
                apiVersion: v1
                kind: ReplicationController
                metadata: {name: rc}
                spec: {template: {spec: {containers: [{name: app, image: nginx}]}}}
                ---
                apiVersion: batch/v1
                kind: Job
                metadata: {generateName: job-}
                spec: {template: {spec: {containers: [{name: app, image: nginx}]}}}
                ---
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly}
                spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: app, image: nginx}]}}}}}
                """);

        assertThat(run.err()).isEqualTo("""
                        ReplicationController/rc: injected logging
                        Job/job-: injected logging
                        CronJob/nightly: injected logging
                        """);
        assertThat(run.documents()).hasSize(3);
        assertThat(run.documents().getLast().at("/spec/jobTemplate/spec/template/spec/initContainers"))
                .hasSize(1);
    }

    @Test
    void injectsEveryItemOfAListAndPrintsAList() throws Exception {
        Run run = injectInto("""
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
                - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: i}]}}
                - {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: b, image: i}]}}
                """);

        assertThat(run.err()).isEqualTo("Pod/a: injected logging\nPod/b: injected logging\n");
        JsonNode list = run.documents().getFirst();
        assertThat(list.path("kind").asText()).isEqualTo("List");
        assertThat(list.at("/items/0/spec/ports/0/port").asInt()).isEqualTo(80);
        assertThat(list.at("/items/2/spec/initContainers")).hasSize(1);
    }

    @Test
    void printsOtherKindsUnchanged() throws Exception {
        String others = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data: {version: "1.10", on: "yes", script: "a\\nb\\n", empty: ""}
                ---
                # A kind of somebody else's, which is no Deployment of Kubernetes.
                apiVersion: example.com/v1
                kind: Deployment
                metadata: {name: other}
                spec: {template: {spec: {image: i}}, ratio: 1.50, big: 12345678901234567890}
                """;

        Run run = injectInto(others);

        assertThat(run.code()).isZero();
        assertThat(run.documents()).isEqualTo(trees(others));
        assertThat(run.err())
                .isEqualTo("nothing to inject: the input has no Pod and no workload with a Pod template\n");
    }

    @Test
    void printsSeveralDocumentsAsOneListInJson() throws Exception {
        Run run = Run.withInput(
                POD.formatted("a") + "---\n" + POD.formatted("b"), "inject", "-f", "-", "-o", "json", "-q");

        JsonNode list = new ObjectMapper().readTree(run.out());
        assertThat(list.path("kind").asText()).isEqualTo("List");
        assertThat(list.path("items").findValuesAsText("name")).contains("a", "b");
    }

    @Test
    void readsTheNamespaceFromTheManifestTheOptionOrAnotherManifest() throws IOException {
        String team = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: team, annotations: {pillion.dev/inject: logging}}
                """;
        Path file = write("namespace.yaml", team);
        String pod = POD.formatted("web");
        String inTeam = pod.replace("{name: web}", "{name: web, namespace: team}");
        String inOther = pod.replace("{name: web}", "{name: web, namespace: other}");

        assertThat(Run.withInput(pod, "inject", "-f", "-", "-n", file.toString())
                        .err())
                .isEqualTo("Pod/web: injected logging\n");
        assertThat(Run.withInput(inOther, "inject", "-f", "-", "-n", file.toString())
                        .err())
                .contains("unchanged (not-requested)");
        assertThat(Run.withInput(team + "---\n" + inTeam, "inject", "-f", "-").err())
                .isEqualTo("Pod/web: injected logging\n");
        assertThat(Run.withInput(team + "---\n" + pod, "inject", "-f", "-", "-n", "team")
                        .err())
                .isEqualTo("Pod/web: injected logging\n");
        assertThat(Run.withInput(pod, "inject", "-f", "-", "-n", "kube-system", "--inject", "logging")
                        .err())
                .contains("unchanged (excluded-namespace)");
    }

    @Test
    void asksForInputIfThereIsNone() {
        assertUnusable(Run.of("inject"), "nothing to read: give -f FILE, -f DIR, or -f - for standard input");
    }

    @Test
    void suggestsTheNearestFile() {
        assertUnusable(
                Run.of("inject", "-f", "examples/myap-pod.yaml"),
                "examples/myap-pod.yaml: no such file or directory; did you mean 'examples/myapp-pod.yaml'?");
    }

    @Test
    void reportsADirectoryWithoutManifests() {
        assertUnusable(
                Run.of("inject", "-f", directory.toString()),
                directory + ": has no .yaml, .yml or .json file; -R reads subdirectories too");
    }

    @Test
    void reportsTheLineOfInvalidYaml() throws IOException {
        Path file = write("broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a\nspec: {}\n");

        assertThat(Run.of("inject", "-f", file.toString()).err()).startsWith(file + ":4: is not YAML: ");
    }

    @Test
    void reportsTheLineOfADocumentThatIsNotAManifest() throws IOException {
        Path file = write("values.yaml", "# Values of a chart.\nreplicas: 2\n");

        assertUnusable(
                Run.of("inject", "-f", file.toString()),
                file + ":2: is not a Kubernetes manifest: it must have an apiVersion and a kind");
    }

    @Test
    void reportsTheFieldThatKubernetesRejects() {
        String deployment = """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: apps/v1
                  kind: Deployment
                  metadata: {name: web}
                  spec:
                    template:
                      metadata:
                        annotations:
                          retries: 3
                      spec: {containers: []}
                """;

        assertUnusable(
                injectInto(deployment),
                "stdin:11: Deployment/web: items[0].spec.template.metadata.annotations['retries'] must be a string, "
                        + "is 3; put it in quotes");
    }

    @Test
    void reportsATextThatIsNotUtf8OrEmpty() throws IOException {
        Path latin = Files.write(directory.resolve("latin.yaml"), "kind: é".getBytes(StandardCharsets.ISO_8859_1));
        Path empty = write("empty.yaml", "# nothing\n---\n");

        assertUnusable(Run.of("inject", "-f", latin.toString()), latin + ": is not UTF-8 text");
        assertUnusable(Run.of("inject", "-f", empty.toString()), empty + ": has no manifest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--kubernetes-version=abc | --kubernetes-version must be a version such as 1.34 or v1.34.2, is 'abc'",
                "--kubernetes-version=2.0 | --kubernetes-version must be a version such as 1.34 or v1.34.2, is '2.0'",
                "--set=path=/x | --set must be PROFILE.PARAMETER=VALUE, such as logging.path=/var/log/nginx, is 'path=/x'",
                "--namespace=./no | --namespace must be the name of a namespace or a file with its manifest, is './no'",
                "--namespace=examples/job.yaml | examples/job.yaml: has no manifest of a Namespace",
                "--profiles=no | no: no such directory",
                "--profiles=pom.xml | pom.xml: is not a directory"
            })
    void reportsInvalidOptions(String optionAndMessage) {
        String[] parts = optionAndMessage.split(" \\| ", 2);

        assertUnusable(Run.withInput(POD.formatted("a"), "inject", "-f", "-", parts[0]), parts[1]);
    }

    @Test
    void reportsAllProblemsOfTheProfilesWithTheirPlaces() throws IOException {
        write("a.yaml", """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: a}
                spec:
                  descripton: A.
                """);

        Run run = Run.of("inject", "-f", "examples", "--profiles", directory.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .anyMatch(line -> line.startsWith(directory + "/a.yaml:5: spec.descripton: ")
                        && line.contains("did you mean 'description'?"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Run injectInto(String manifests) {
        return Run.withInput(manifests, "inject", "-f", "-", "--inject", "logging");
    }

    private static List<JsonNode> trees(String manifests) throws YamlException {
        return YamlReader.read(manifests).stream()
                .map(document -> document.tree())
                .toList();
    }

    private static void assertUnusable(Run run, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(2);
    }
}
