package dev.pillion.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The permissions of Pillion in a cluster. A permission that is added or removed changes a line of {@code rbac.txt}. */
class RbacTest {

    private static final Path GOLDEN = Path.of("src/test/resources/deploy/rbac.txt");
    private static final Path DEPLOY = Path.of("deploy");
    private static final Path CHART = DEPLOY.resolve("helm/pillion/templates/rbac.yaml");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Run with {@code -Dupdate=true} to write it. */
    @Test
    void pillionHasThePermissionsOfTheGoldenListOnly() throws IOException {
        String rights = rightsByFile().stream().collect(Collectors.joining("\n", "", "\n"));
        if (Boolean.getBoolean("update")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, rights);
        }

        assertThat(rights)
                .as(
                        "the permissions in deploy/ differ from %s; after a review: ./mvnw test -Dtest=RbacTest -Dupdate=true",
                        GOLDEN)
                .isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void theChartGrantsTheSamePermissionsAsTheOverlaySelfManaged() throws IOException {
        List<String> kustomize = new ArrayList<>(rights(read(DEPLOY.resolve("base/rbac.yaml"))));
        kustomize.addAll(rights(read(DEPLOY.resolve("overlays/self-managed/rbac.yaml"))));

        assertThat(rights(read(CHART))).containsExactlyInAnyOrderElementsOf(kustomize);
    }

    @Test
    void noRuleHasAWildcard() throws IOException {
        assertThat(rightsByFile()).isNotEmpty().noneMatch(right -> right.contains("*"));
    }

    @Test
    void everyRuleHasACommentWithItsReason() throws IOException {
        for (String file : List.of("base/rbac.yaml", "overlays/self-managed/rbac.yaml")) {
            List<String> lines = Files.readAllLines(DEPLOY.resolve(file));
            for (int line = 0; line < lines.size(); line++) {
                if (lines.get(line).startsWith("  - apiGroups:")) {
                    assertThat(lines.get(line - 1))
                            .as("deploy/%s:%d: a comment with its reason above the rule", file, line + 1)
                            .startsWith("  # ");
                }
            }
        }
    }

    /** The permissions of each file below deploy/ that grants any, including new files. */
    private static List<String> rightsByFile() throws IOException {
        List<String> rights = new ArrayList<>();
        try (Stream<Path> files = Files.walk(DEPLOY)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList()) {
                if (Files.readString(file).contains("rbac.authorization.k8s.io")) {
                    rights.add((rights.isEmpty() ? "" : "\n") + file);
                    rights.addAll(rights(read(file)));
                }
            }
        }
        return rights;
    }

    private static List<JsonNode> read(Path file) throws IOException {
        String text = withoutTemplates(Files.readString(file));
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll();
        }
    }

    /** Removes the labels and namespaces that Helm inserts, and inserts the only subject. */
    private static String withoutTemplates(String text) {
        return text.lines()
                .map(line -> line.replace(
                        "{{- include \"pillion.subject\" . | nindent 2 }}",
                        "- {kind: ServiceAccount, name: pillion, namespace: pillion}"))
                .filter(line -> !line.strip().startsWith("{{"))
                .map(line -> line.replace("{{ .Release.Namespace }}", "pillion"))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> rights(List<JsonNode> documents) {
        List<String> rights = new ArrayList<>();
        for (JsonNode document : documents) {
            String kind = document.path("kind").asText();
            String object = kind + " " + document.at("/metadata/name").asText();
            switch (kind) {
                case "Role", "ClusterRole" ->
                    document.path("rules").forEach(rule -> rights.add(object + ": " + right(rule)));
                case "RoleBinding", "ClusterRoleBinding" ->
                    document.path("subjects")
                            .forEach(subject -> rights.add("%s: %s %s to %s %s/%s"
                                    .formatted(
                                            object,
                                            document.at("/roleRef/kind").asText(),
                                            document.at("/roleRef/name").asText(),
                                            subject.path("kind").asText(),
                                            subject.path("namespace").asText(),
                                            subject.path("name").asText())));
                default -> {}
            }
        }
        return rights;
    }

    /** All fields of a rule, including those that this test does not know. */
    private static String right(JsonNode rule) {
        return rule.properties().stream()
                .map(field -> field.getKey() + " "
                        + StreamSupport.stream(field.getValue().spliterator(), false)
                                .map(value -> value.asText().isEmpty() ? "core" : value.asText())
                                .toList())
                .collect(Collectors.joining(", "));
    }
}
