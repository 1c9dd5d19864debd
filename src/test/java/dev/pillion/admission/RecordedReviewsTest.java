package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded reviews of real API servers, and their responses. */
class RecordedReviewsTest {

    private static final Path REVIEWS = Path.of("src/test/resources/reviews");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final MutatingWebhook webhook = new MutatingWebhook(DecisionSnapshot.current(
            () -> new Injector(InjectionSettings.defaults()), CatalogReader::builtIn, Namespace::named));

    @ParameterizedTest
    @CsvSource({
        "bare-pod.json, INJECTED",
        "connect.json, NOT_A_POD_CREATION",
        "daemonset-pod.json, INJECTED",
        "delete-pod.json, NOT_A_POD_CREATION",
        "deployment-pod.json, INJECTED",
        "dry-run-pod.json, INJECTED",
        "ephemeralcontainers.json, NOT_A_POD_CREATION",
        "job-pod.json, INJECTED",
        "not-asked-pod.json, NOT_REQUESTED",
        "service.json, NOT_A_POD_CREATION",
        "statefulset-pod.json, INJECTED",
        "update-pod.json, NOT_A_POD_CREATION"
    })
    void getTheExpectedResponse(String file, ReasonCode code) throws Exception {
        byte[] body = Files.readAllBytes(REVIEWS.resolve(file));

        ReviewOutcome outcome = webhook.review(ReviewReader.read(body));
        ReviewResponse respond = ReviewResponse.read(ReviewWriter.write(outcome.response()))
                .wellFormed(JSON.readTree(body).at("/request/uid").asText());

        assertThat(outcome.code()).isEqualTo(code);
        assertThat(respond.allowed()).isTrue();
        assertThat(respond.hasPatch()).isEqualTo(code == ReasonCode.INJECTED);
    }

    @Test
    void areAllTested() throws Exception {
        CsvSource table = RecordedReviewsTest.class
                .getDeclaredMethod("getTheExpectedResponse", String.class, ReasonCode.class)
                .getAnnotation(CsvSource.class);

        assertThat(Stream.of(table.value()).map(line -> line.replaceFirst(",.*", "")))
                .containsExactlyElementsOf(files().toList());
    }

    @ParameterizedTest
    @MethodSource("files")
    void getTheSameResponseInADryRun(String file) throws Exception {
        ObjectNode review = (ObjectNode) JSON.readTree(Files.readAllBytes(REVIEWS.resolve(file)));
        ObjectNode request = (ObjectNode) review.path("request");

        request.put("dryRun", true);
        byte[] dryRun = respond(review);
        request.put("dryRun", false);

        assertThat(dryRun).isEqualTo(respond(review));
    }

    @ParameterizedTest
    @MethodSource("files")
    void getNoPatchInASecondPass(String file) throws Exception {
        ObjectNode review = (ObjectNode) JSON.readTree(Files.readAllBytes(REVIEWS.resolve(file)));
        ReviewResponse first = ReviewResponse.read(respond(review));
        if (first.hasPatch()) {
            ObjectNode request = (ObjectNode) review.path("request");
            request.set("object", first.patched(request.path("object")));
        }

        ReviewResponse second = ReviewResponse.read(respond(review));

        assertThat(second.hasPatch()).isFalse();
        assertThat(second.response().path("auditAnnotations"))
                .isEqualTo(first.response().path("auditAnnotations"));
        assertThat(second.warnings()).isEqualTo(first.warnings());
    }

    @Test
    void getASidecarBesideTheMountedToken() throws Exception {
        JsonNode object = object("deployment-pod.json");

        JsonNode pod = ReviewResponse.read(
                        respond(JSON.readTree(Files.readAllBytes(REVIEWS.resolve("deployment-pod.json")))))
                .patched(object);

        assertThat(names(pod.at("/spec/volumes")))
                .startsWith(names(object.at("/spec/volumes")).toArray(String[]::new))
                .contains("pillion-var-log-nginx");
        assertThat(pod.at("/spec/containers/0/volumeMounts"))
                .hasSize(object.at("/spec/containers/0/volumeMounts").size() + 1);
        assertThat(pod.at("/metadata/managedFields")).isEqualTo(object.at("/metadata/managedFields"));
    }

    private byte[] respond(JsonNode review) throws Exception {
        return ReviewWriter.write(webhook.review(ReviewReader.read(JSON.writeValueAsBytes(review)))
                .response());
    }

    private static JsonNode object(String file) throws IOException {
        return JSON.readTree(Files.readAllBytes(REVIEWS.resolve(file))).at("/request/object");
    }

    private static List<String> names(JsonNode list) {
        return list.valueStream().map(element -> element.path("name").asText()).toList();
    }

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(REVIEWS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }
}
