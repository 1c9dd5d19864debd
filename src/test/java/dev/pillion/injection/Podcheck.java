package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program of {@code e2e/podcheck}. It runs decoding, defaulting, admission, validation and Pod Security with the code of Kubernetes. The
 * system property {@code podcheck} is the path of the program.
 */
public record Podcheck(Path program) {

    public static final String PROPERTY = "podcheck";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** From the least strict to the strictest of the Pod Security Standards. */
    enum Level {
        privileged,
        baseline,
        restricted
    }

    /**
     * The result for one Pod.
     *
     * @param level the strictest Pod Security Standard that the Pod meets; null for a Pod that cannot be read
     * @param violations the violations of the standard {@code restricted}
     * @param pod the Pod as validating webhooks see it; null for a Pod that cannot be read
     */
    public record Validation(
            boolean valid,
            @Nullable List<String> errors,
            @Nullable Level level,
            @Nullable List<String> violations,
            @Nullable JsonNode pod) {

        @Override
        public String toString() {
            return (valid ? "valid" : "not valid: " + errors) + "; " + level + " " + violations;
        }
    }

    public static Podcheck fromSystemProperty() {
        return new Podcheck(Path.of(System.getProperty(PROPERTY)));
    }

    public Validation validate(JsonNode pod) {
        return validate(List.of(pod)).getFirst();
    }

    /** One result for each Pod, in the same order. */
    public List<Validation> validate(List<? extends JsonNode> pods) {
        try {
            Path lines = Files.createTempFile("pods", ".jsonl");
            try {
                Files.write(lines, pods.stream().map(JsonNode::toString).toList());
                return validate(lines, pods.size());
            } finally {
                Files.delete(lines);
            }
        } catch (IOException e) {
            throw new AssertionError("podcheck cannot be run; build it with e2e/podcheck/build", e);
        }
    }

    private List<Validation> validate(Path pods, int count) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "-pods")
                .redirectInput(pods.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Validation> validations = new ArrayList<>();
        try (var output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                validations.add(JSON.readValue(line, Validation.class));
            }
        }
        if (validations.size() != count) {
            throw new AssertionError("podcheck validated " + validations.size() + " of " + count
                    + " Pods; its errors are on standard error");
        }
        return validations;
    }
}
