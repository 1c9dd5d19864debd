package dev.pillion.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.Run;
import dev.pillion.cli.manifest.InputText;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Any text on standard input: {@code inject} and {@code uninject} print a result or a message, and never a stack trace. They print a text
 * without injected Pods unchanged, and {@code uninject} restores an injected text. Words of a comment in the first line select the options:
 * {@code # uninject json logging plain}.
 */
public final class CommandLineFuzz {

    private CommandLineFuzz() {}

    public static void test(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        String first = text.startsWith("#") ? text.lines().findFirst().orElse("") : "";
        Run run = run(input, first.contains("uninject") ? "uninject" : "inject", first);

        assertThat(run.code()).as(run.err()).isIn(ExitCode.OK, ExitCode.UNUSABLE, ExitCode.DENIED);
        assertThat(run.err()).doesNotContain("\tat ", "Exception");
        if (run.code() != ExitCode.OK) {
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).isNotBlank();
            return;
        }
        if (!first.contains("patch") || first.contains("uninject")) {
            checkDocuments(input, run, first);
        }
    }

    private static Run run(byte[] input, String command, String options) {
        List<String> arguments = new ArrayList<>(List.of(command, "-f", "-"));
        if (options.contains("json")) {
            arguments.addAll(List.of("-o", "json"));
        } else if (options.contains("patch") && command.equals("inject")) {
            arguments.addAll(List.of("-o", "patch"));
        }
        if (command.equals("inject")) {
            if (options.contains("logging")) {
                arguments.addAll(List.of("--inject", "logging"));
            }
            if (options.contains("plain")) {
                arguments.addAll(List.of("--native-sidecars", "container"));
            }
        }
        return Run.withInput(input, arguments.toArray(String[]::new));
    }

    private static void checkDocuments(byte[] input, Run run, String options) throws Exception {
        List<Document> before = YamlReader.read(new String(input, StandardCharsets.UTF_8));
        List<JsonNode> trees = before.stream().map(Document::tree).toList();
        List<JsonNode> after = documents(run.out());
        if (!options.contains("json")) {
            checkText(input, run);
            assertThat(after).hasSameSizeAs(before);
            for (int index = 0; index < before.size(); index++) {
                if (new Manifest(new InputText("stdin", "", before), index)
                        .workloads()
                        .isEmpty()) {
                    assertThat(after.get(index)).isEqualTo(trees.get(index));
                }
            }
        }
        if (trees.stream().noneMatch(CommandLineFuzz::mentionsStatus)) {
            Run restored = run(run.out().getBytes(StandardCharsets.UTF_8), "uninject", options);
            assertThat(documents(restored.out())).isEqualTo(options.contains("json") ? asOneList(trees) : trees);
            if (!options.contains("json")
                    && !(run.err() + restored.err()).contains("is rewritten without its comments")) {
                assertThat(restored.out()).isEqualTo(new String(input, StandardCharsets.UTF_8));
            }
        }
    }

    /** Documents that are not injected are printed unchanged, also between injected ones. */
    private static void checkText(byte[] input, Run run) {
        String text = new String(input, StandardCharsets.UTF_8);
        if (run.err().lines().noneMatch(line -> line.matches(".*: (un)?injected.*"))) {
            assertThat(run.out()).isEqualTo(text);
        }
    }

    /** {@code -o json} prints several manifests as the items of one list. */
    private static List<JsonNode> asOneList(List<JsonNode> manifests) {
        if (manifests.size() == 1) {
            return manifests;
        }
        ObjectNode list =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "List");
        ArrayNode items = list.putArray("items");
        for (JsonNode manifest : manifests) {
            if (Manifest.isList(manifest)) {
                manifest.path("items").forEach(items::add);
            } else {
                items.add(manifest);
            }
        }
        return List.of(list);
    }

    private static boolean mentionsStatus(JsonNode tree) {
        return tree.toString().contains(Annotations.STATUS);
    }

    private static List<JsonNode> documents(String text) throws YamlException {
        return YamlReader.read(text).stream().map(Document::tree).toList();
    }
}
