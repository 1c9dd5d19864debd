package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end-to-end tests apply exported policies to a real API server. */
class ExportCommandTest {

    @TempDir
    private Path directory;

    @Test
    void aPolicyBecomesAMutatingAdmissionPolicyWithItsBindingForEachProfile() throws Exception {
        Run run = export("""
                mode: Enforce
                match:
                  namespaceSelector: {matchLabels: {team: payments}, matchExpressions: [{key: frozen, operator: DoesNotExist}]}
                  podSelector: {matchExpressions: [{key: tier, operator: Exists}, {key: stage, operator: NotIn, values: [test]}]}
                profiles:
                  - {name: logging, parameters: {path: /var/log/payments, user: 65534}}
                  - {name: env, parameters: {variables: "A=b"}}
                """);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        List<JsonNode> documents = run.documents();
        assertThat(documents)
                .extracting(document -> document.path("kind").asText() + " "
                        + document.at("/metadata/name").asText())
                .containsExactly(
                        "MutatingAdmissionPolicy pillion-must-logging",
                        "MutatingAdmissionPolicyBinding pillion-must-logging",
                        "MutatingAdmissionPolicy pillion-must-env",
                        "MutatingAdmissionPolicyBinding pillion-must-env");
        assertThat(documents.get(0).at("/spec/failurePolicy").asText()).isEqualTo("Fail");
        JsonNode resources = documents.get(1).at("/spec/matchResources");
        assertThat(resources.at("/namespaceSelector/matchExpressions").toString())
                .contains("{\"key\":\"team\",\"operator\":\"In\",\"values\":[\"payments\"]}")
                .contains("{\"key\":\"frozen\",\"operator\":\"DoesNotExist\"}")
                .contains("\"kube-system\"");
        assertThat(resources.at("/objectSelector/matchExpressions").toString())
                .contains("{\"key\":\"tier\",\"operator\":\"Exists\"}")
                .contains("{\"key\":\"stage\",\"operator\":\"NotIn\",\"values\":[\"test\"]}");
    }

    @Test
    void theHeaderListsTheDifferences() throws IOException {
        Run run = export("""
                mode: Enforce
                match: {}
                profiles: [{name: logging, parameters: {path: /srv/log, user: -1}}]
                """);

        assertThat(run.out())
                .startsWith("# Exported by pillion from must. Differences from Pillion:\n")
                .contains("\n# - An app that mounts its own volume at /srv/log, or above it, does not get logging;"
                        + " Pillion would share that volume.\n");
    }

    @Test
    void theHeaderReportsMissingWarnings() throws IOException {
        Run run = export("""
                mode: Default
                match: {}
                profiles: [{name: wait-for, parameters: {targets: "db:5432", user: -1}}]
                """);

        assertThat(run.out())
                .contains(
                        "\n# - Pods for which a condition in warnWhen of wait-for is true get the companion without the warning.\n");
    }

    @Test
    void conditionsAndGuardsUseTheVariablesOfTheApiServer() throws Exception {
        Run run = export("""
                mode: Default
                match:
                  matchConditions:
                    - name: not-batch
                      expression: pod.metadata.?labels[?'workload'].orValue('') != "b\\"atch" && pod.spec.containers.exists(c, has(c.ports))
                    - name: here
                      expression: namespace.metadata.name.startsWith('p') || pod.spec.hostNetwork
                profiles: [{name: proxy, parameters: {port: 8080, protocol: http}}]
                """);

        JsonNode policy = run.documents().getFirst();
        assertThat(policy.at("/spec/failurePolicy").asText()).isEqualTo("Ignore");
        assertThat(condition(policy, "not-batch"))
                .isEqualTo("object.metadata.?labels[?\"workload\"].orValue(\"\") != \"b\\\"atch\""
                        + " && object.spec.containers.exists(c, has(c.ports))");
        assertThat(condition(policy, "proxy.pillion.dev/not-same-port")).isEqualTo("!(15006 == 8080)");
        assertThat(policy.at("/spec/variables/2/name").asText()).isEqualTo("applies");
        assertThat(policy.at("/spec/variables/2/expression").asText())
                .contains("namespaceObject.metadata.?annotations[?\"pillion.dev/inject\"]")
                .endsWith("\n&& (namespaceObject.metadata.name.startsWith(\"p\") || object.spec.hostNetwork)");
        assertThat(policy.at("/spec/mutations/0/jsonPatch/expression").asText())
                .startsWith("!variables.applies ? [] :\n");
    }

    @Test
    void allObstaclesAreReportedTogetherAndNothingIsPrinted() throws IOException {
        Run run = export("""
                mode: Enforce
                percentage: 20
                match: {}
                profiles:
                  - {name: logging}
                  - {name: migrate, parameters: {user: 1}}
                """);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "policy must, percentage 20: CEL in the API server has no hash function to select workloads; set percentage to 100")
                .contains("policy must, profile logging, parameter user: its default ${app.")
                .contains("is computed for each Pod; set user in the policy")
                .contains("policy must, profile migrate, container migrate: it inherits from the app's container")
                .contains("policy must, profile migrate: ${app.?workingDir} is computed for each Pod");
    }

    @Test
    void aPolicyWithAnEndCannotBeExported() throws IOException {
        Run run = export("""
                mode: Enforce
                match: {}
                until: 2999-01-31T00:00:00Z
                profiles: [{name: logging}]
                """);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("policy must, until 2999-01-31T00:00:00Z: CEL in the API server does not know the time");

        Run ended = export("""
                mode: Enforce
                match: {}
                until: 2020-01-31T00:00:00Z
                profiles: [{name: logging}]
                """);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("policy must has ended (2020-01-31T00:00:00Z), so there is nothing to export");
    }

    @Test
    void anEarlierGenerationAndAProfileWithSeveralCannotBeExported() throws IOException {
        Files.writeString(directory.resolve("several.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: several}
                spec: {description: Has generations., pinnable: true, percentage: 5, app: {env: [{name: A, value: b}]}}
                """);

        Run run = export("""
                mode: Enforce
                match: {}
                profiles: [{name: several, generation: 0123abcd}]
                """);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "policy must, profile several, generation 0123abcd: the export has only the generation in force; remove generation from the policy",
                        "policy must, profile several, percentage 5: CEL in the API server has no hash function to select workloads; set percentage to 100",
                        "policy must, profile several: it is pinnable, and the API server's policies cannot choose a generation by annotation; set pinnable to false");
    }

    @Test
    void theModesPermitAndAuditCannotBeExported() throws IOException {
        for (String mode : List.of("Permit", "Audit")) {
            Run run = export("""
                    mode: %s
                    match: {}
                    profiles: [{name: proxy, parameters: {port: 8080, protocol: http}}]
                    """.formatted(mode));

            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("policy must, mode " + mode + ": ").contains("make it Enforce or Default");
        }
    }

    @Test
    void anUnknownPolicyGetsASuggestion() throws IOException {
        write("mode: Enforce\nmatch: {}\nprofiles: [{name: proxy, parameters: {port: 8080, protocol: http}}]\n");

        assertThat(Run.of("export", "--to", "mutating-admission-policy", "--profiles", directory.toString(), "mus")
                        .err())
                .contains("there is no policy 'mus'; did you mean 'must'?");
        assertThat(Run.of("export", "--to", "mutating-admission-policy", "must").err())
                .contains("there is no policy 'must'; give their directory by --profiles DIR");
        assertThat(Run.of("export", "--to", "kyverno", "must").err())
                .contains("must be one of mutating-admission-policy");
    }

    private static String condition(JsonNode policy, String name) {
        return policy.at("/spec/matchConditions")
                .valueStream()
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("expression")
                .asText();
    }

    private Run export(String spec) throws IOException {
        write(spec);
        return Run.of("export", "--to", "mutating-admission-policy", "--profiles", directory.toString(), "must");
    }

    private void write(String spec) throws IOException {
        Files.writeString(
                directory.resolve("must.yaml"),
                "apiVersion: pillion.dev/v1alpha1\nkind: InjectionPolicy\nmetadata: {name: must}\nspec:\n"
                        + spec.indent(2));
    }
}
