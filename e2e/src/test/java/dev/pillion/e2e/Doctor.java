package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A run of {@code pillion doctor}. */
record Doctor(Command command) {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static Doctor run(String... options) {
        return new Doctor(Command.run(Stream.concat(
                        Stream.of(
                                Environment.ROOT.resolve("pillion").toString(),
                                "doctor",
                                "--kubeconfig=" + Environment.KUBECONFIG,
                                "--output=json"),
                        Stream.of(options))
                .toList()));
    }

    /** Waits until there is neither a failure nor a warning. */
    static void awaitHealthy() {
        await("no findings").atMost(PATIENCE).untilAsserted(() -> {
            Doctor doctor = run("--strict");
            assertThat(doctor.findings()).as(doctor.command.output()).isEmpty();
            assertThat(doctor.command.orFail()).isNotEmpty();
        });
    }

    /** Waits until a check has a finding of this status: {@code failed} or {@code warning}. */
    static void awaitFinding(String id, String status) {
        await(id).atMost(PATIENCE).untilAsserted(() -> {
            Doctor doctor = run();
            assertThat(doctor.findings()).as(doctor.command.output()).contains(id + " " + status);
            assertThat(doctor.command.exitCode()).isEqualTo(status.equals("failed") ? 1 : 0);
        });
    }

    /** The id and the status of each finding that is not ok. */
    List<String> findings() throws JsonProcessingException {
        JsonNode findings = JSON.readTree(command.output());
        assertThat(findings.size()).as(command.errors()).isPositive();
        return findings.valueStream()
                .map(finding -> finding.path("id").asText() + " "
                        + finding.path("status").asText())
                .filter(finding -> !finding.endsWith(" ok"))
                .toList();
    }
}
