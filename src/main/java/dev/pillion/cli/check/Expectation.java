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

/** What is to become of the Pod of a golden case, or what became of it: one file of the case. */
public sealed interface Expectation {

    List<String> FILES = List.of("injected.yaml", "denied.yaml", "unchanged.yaml");

    /** The name of the file. */
    String file();

    /** In a few words. */
    String summary();

    /** The content of the file. */
    JsonNode tree();

    /** Whether what became of the Pod is as expected here. */
    boolean isMetBy(Expectation actual);

    /**
     * The Pod is injected.
     *
     * @param manifest as a whole
     */
    record Injected(JsonNode manifest) implements Expectation {

        /** A tree that was computed and one that was read have other types of numbers unless both were read. */
        public Injected {
            try {
                manifest = YamlReader.read(YamlWriter.yaml(manifest)).getFirst().tree();
            } catch (YamlException e) {
                throw new IllegalStateException("what is written can be read", e);
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
     * The Pod is refused.
     *
     * @param message any where it is not given
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

    /** What became of a manifest with one workload. */
    static Expectation of(SimulatedManifest rehearsed) {
        return switch (rehearsed.outcomes().getFirst().decision()) {
            case Decision.Injected _ -> new Injected(rehearsed.changed().tree());
            case Decision.Unchanged(Reason reason, var _) ->
                new Unchanged(reason.code().toString());
            case Decision.Denied(Reason reason, var _, var _, var _) ->
                new Denied(reason.code().toString(), Optional.of(reason.message()));
        };
    }
}
