package dev.pillion.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.simulate.SimulatedManifest;
import dev.pillion.injection.Decision;
import dev.pillion.injection.reason.Reason;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.util.List;
import java.util.Optional;

/** The expected or the actual result of a golden case: one file of the case. */
public sealed interface Expectation {

    List<String> FILES = List.of("injected.yaml", "denied.yaml", "unchanged.yaml");

    /** The name of the file. */
    String file();

    /** The result in a few words. */
    String summary();

    /** The content of the file. */
    JsonNode tree();

    /** Whether the actual result is as expected here. */
    boolean isMetBy(Expectation actual);

    /**
     * The Pod is injected.
     *
     * @param manifest the whole manifest
     */
    record Injected(JsonNode manifest) implements Expectation {

        /** Writes and reads the tree, because the types of numbers differ between a computed tree and one that was read. */
        public Injected {
            try {
                manifest = YamlReader.read(YamlWriter.yaml(manifest)).getFirst().tree();
            } catch (YamlException e) {
                throw new IllegalStateException("the written YAML cannot be read", e);
            }
        }

        @Override
        public String file() {
            return "injected.yaml";
        }

        @Override
        public String summary() {
            return "injected";
        }

        @Override
        public JsonNode tree() {
            return manifest;
        }

        @Override
        public boolean isMetBy(Expectation actual) {
            return equals(actual);
        }
    }

    /**
     * The Pod is denied.
     *
     * @param message any message if empty
     */
    record Denied(String code, Optional<String> message) implements Expectation {

        @Override
        public String file() {
            return "denied.yaml";
        }

        @Override
        public String summary() {
            return "denied (" + code + ")" + message.map(": "::concat).orElse("");
        }

        @Override
        public JsonNode tree() {
            ObjectNode tree = JsonNodeFactory.instance.objectNode().put("code", code);
            message.ifPresent(text -> tree.put("message", text));
            return tree;
        }

        @Override
        public boolean isMetBy(Expectation actual) {
            return actual instanceof Denied(String actualCode, var actualMessage)
                    && code.equals(actualCode)
                    && (message.isEmpty() || message.equals(actualMessage));
        }
    }

    /** The Pod stays as it is. */
    record Unchanged(String code) implements Expectation {

        @Override
        public String file() {
            return "unchanged.yaml";
        }

        @Override
        public String summary() {
            return "unchanged (" + code + ")";
        }

        @Override
        public JsonNode tree() {
            return JsonNodeFactory.instance.objectNode().put("code", code);
        }

        @Override
        public boolean isMetBy(Expectation actual) {
            return equals(actual);
        }
    }

    /** The result for a manifest with one workload. */
    static Expectation of(SimulatedManifest simulated) {
        return switch (simulated.outcomes().getFirst().decision()) {
            case Decision.Injected _ -> new Injected(simulated.changed().tree());
            case Decision.Unchanged(Reason reason, var _) ->
                new Unchanged(reason.code().toString());
            case Decision.Denied(Reason reason, var _, var _, var _) ->
                new Denied(reason.code().toString(), Optional.of(reason.message()));
        };
    }
}
