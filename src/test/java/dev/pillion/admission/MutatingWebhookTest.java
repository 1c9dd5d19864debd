package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.yaml.YamlReader;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MutatingWebhookTest {

    private final MutatingWebhook webhook = webhook(CatalogReader.builtIn());

    @Nested
    class APodThatIsInjected {

        private final JsonNode pod = pod("pillion.dev/inject: logging");

        @Test
        void isAllowedWithAPatch() throws Exception {
            ReviewOutcome outcome = webhook.review(creating(pod));

            assertThat(outcome.response().isAllowed()).isTrue();
            assertThat(outcome.code()).isEqualTo(ReasonCode.INJECTED);
            assertThat(outcome.plan().profiles())
                    .extracting(given -> given.profile().name())
                    .containsExactly("logging");
            ReviewResponse answer = written(outcome);
            assertThat(answer.response().has("status")).isFalse();
            assertThat(answer.patched(pod).at("/spec/initContainers/0/name").asText())
                    .isEqualTo("log-tailer");
        }

        @Test
        void hasTheSameAuditAnnotationsInEveryPass() throws Exception {
            ReviewOutcome first = webhook.review(creating(pod));

            ReviewOutcome second = webhook.review(creating(written(first).patched(pod)));

            assertThat(second.code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
            assertThat(written(second).hasPatch()).isFalse();
            assertThat(second.response().auditAnnotations())
                    .isEqualTo(first.response().auditAnnotations())
                    .isEqualTo(Map.of(
                            "profiles",
                            "logging@"
                                    + CatalogReader.builtIn()
                                            .profile("logging")
                                            .orElseThrow()
                                            .generation()));
        }

        @Test
        void getsOnePatchForAChangedRequest() throws Exception {
            JsonNode injected = written(webhook.review(creating(pod))).patched(pod);
            ((ObjectNode) injected.at("/metadata/annotations")).put("logging.pillion.dev/path", "/srv/log");
            JsonNode fresh = pod("pillion.dev/inject: logging", "logging.pillion.dev/path: /srv/log");

            ReviewResponse changed = written(webhook.review(creating(injected)));

            assertThat(changed.patched(injected))
                    .isEqualTo(written(webhook.review(creating(fresh))).patched(fresh));
            assertThat(changed.response().path("warnings"))
                    .extracting(JsonNode::asText)
                    .containsExactly(
                            "pillion: injected again, because 'logging' was injected with other values or for other containers before");
        }

        @Test
        void isRestoredWhenItOptsOut() throws Exception {
            JsonNode injected = written(webhook.review(creating(pod))).patched(pod);
            ((ObjectNode) injected.at("/metadata/annotations")).put("pillion.dev/inject", "false");

            ReviewOutcome outcome = webhook.review(creating(injected));

            assertThat(outcome.code()).isEqualTo(ReasonCode.CHANGED_REQUEST);
            assertThat(written(outcome).patched(injected)).isEqualTo(pod("pillion.dev/inject: 'false'"));
        }

        @Test
        void isInjectedInADryRun() throws Exception {
            AdmissionRequest request = creating(pod);
            AdmissionRequest dryRun = new AdmissionRequest(
                    request.uid(),
                    request.resource(),
                    request.subResource(),
                    request.operation(),
                    request.namespace(),
                    true,
                    request.object());

            assertThat(ReviewWriter.write(webhook.review(dryRun).response()))
                    .isEqualTo(ReviewWriter.write(webhook.review(request).response()));
        }

        @Test
        void hasAResponseThatAKubernetesClientReads() throws Exception {
            byte[] body = ReviewWriter.write(webhook.review(creating(pod)).response());

            AdmissionReview review = JsonMapper.builder().build().readValue(body, AdmissionReview.class);

            assertThat(review.getApiVersion()).isEqualTo("admission.k8s.io/v1");
            assertThat(review.getResponse().getUid()).isEqualTo("u1");
            assertThat(review.getResponse().getAllowed()).isTrue();
            assertThat(review.getResponse().getPatchType()).isEqualTo("JSONPatch");
            assertThat(review.getAdditionalProperties()).isEmpty();
            assertThat(review.getResponse().getAdditionalProperties()).isEmpty();
        }
    }

    @Nested
    class APodThatIsDenied {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "pillion.dev/inject: loging           | 422 | Invalid   | annotation pillion.dev/inject: there is no profile 'loging'; did you mean 'logging'? (unknown-profile)",
                    "pillion.dev/injct: logging           | 422 | Invalid   | annotation pillion.dev/injct is unknown; did you mean 'pillion.dev/inject'? (unknown-annotation)",
                    "pillion.dev/inject: root             | 403 | Forbidden | annotation pillion.dev/inject requests profile 'root', but it is restricted, and no policy permits it for this Pod; ask the platform team (restricted-profile)",
                    "pillion.dev/inject: locked           | 403 | Forbidden | annotation locked.pillion.dev/image: the platform team has locked 'image'; remove the annotation (annotation pillion.dev/inject requests profile 'locked') (locked-parameter)"
                })
        void getsTheReason(String annotation, int status, String reason, String message, @TempDir Path profiles)
                throws Exception {
            Files.writeString(profiles.resolve("a.yaml"), """
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionProfile
                    metadata: {name: root}
                    spec: {description: For the platform team., access: Restricted}
                    ---
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionProfile
                    metadata: {name: locked}
                    spec:
                      description: For everybody.
                      parameters: [{name: image, type: image, default: a, overridable: false}]
                    """);
            JsonNode pod =
                    annotation.endsWith("locked") ? pod(annotation, "locked.pillion.dev/image: b") : pod(annotation);

            ReviewOutcome outcome = webhook(CatalogReader.read(profiles)).review(creating(pod));

            assertThat(outcome.response().isAllowed()).isFalse();
            ReviewResponse answer = written(outcome);
            assertThat(answer.allowed()).isFalse();
            assertThat(answer.hasPatch()).isFalse();
            assertThat(answer.response().at("/status/code").asInt()).isEqualTo(status);
            assertThat(answer.response().at("/status/reason").asText()).isEqualTo(reason);
            assertThat(answer.response().at("/status/message").asText()).isEqualTo(message);
            assertThat(outcome.response().auditAnnotations())
                    .isEqualTo(Map.of("denied", outcome.code().toString()));
            assertThat(outcome.plan().profiles()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{}                                                    | spec is missing; a Pod has one",
                    "{spec: []}                                            | spec must be a map",
                    "{spec: {containers: {}}}                              | spec.containers must be a list",
                    "{spec: {containers: [web]}}                           | spec.containers[0] must be a map",
                    "{spec: {containers: [{name: 3}]}}                     | spec.containers[0].name must be a string, is 3; put it in quotes",
                    "{spec: {containers: [{env: [{name: true}]}]}}         | spec.containers[0].env[0].name must be a string, is true; put it in quotes",
                    "{metadata: {annotations: {a: 1}}, spec: {}}           | metadata.annotations['a'] must be a string, is 1; put it in quotes",
                    "{metadata: {labels: [a]}, spec: {}}                   | metadata.labels must be a map"
                })
        void getsTheFieldThatCannotBeRead(String pod, String message) throws Exception {
            ReviewOutcome outcome = webhook.review(creating(yaml(pod)));

            assertThat(outcome.code()).isEqualTo(ReasonCode.MALFORMED_POD);
            assertThat(written(outcome).response().at("/status/message").asText())
                    .isEqualTo("the Pod cannot be read: " + message + " (malformed-pod)");
        }
    }

    @Nested
    class UnusualText {

        @ParameterizedTest
        @ValueSource(strings = {"/donn\\u00e9es", "relative", ""})
        void isAcceptedInAMountPath(String mountPath) throws Exception {
            assertInjected(mountPath);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/a\\0b", "\\0"})
        void isAcceptedInAMountPathThatNoFileSystemSupports(String mountPath) throws Exception {
            assertInjected(mountPath);
        }

        private void assertInjected(String mountPath) throws Exception {
            JsonNode pod = yaml("""
                    metadata: {annotations: {pillion.dev/inject: logging}}
                    spec: {containers: [{name: web, volumeMounts: [{name: a, mountPath: "%s"}]}]}
                    """.formatted(mountPath));

            assertThat(written(webhook.review(creating(pod))).hasPatch()).isTrue();
        }

        @Test
        void isAcceptedInAVariableWithHalfASurrogatePair() throws Exception {
            JsonNode pod = JsonMapper.builder().build().readTree("""
                    {"metadata": {"annotations": {"pillion.dev/inject": "env", "env.pillion.dev/variables": "A=\\ud83d"}},
                     "spec": {"containers": [{"name": "web"}]}}""");

            assertThat(written(webhook.review(creating(pod))).hasPatch()).isTrue();
        }
    }

    @Nested
    class AnotherRequestThanAPodCreation {

        @ParameterizedTest
        @CsvSource({
            "pods, '', UPDATE",
            "pods, '', DELETE",
            "pods, exec, CONNECT",
            "pods, ephemeralcontainers, UPDATE",
            "pods, ephemeralcontainers, CREATE",
            "pods, resize, UPDATE",
            "pods, '', create",
            "services, '', CREATE",
            "metrics.k8s.io/pods, '', CREATE",
            "apps/deployments, '', CREATE",
            "'', '', ''"
        })
        void isAllowedWithoutAPatch(String resource, String subResource, String operation) throws Exception {
            ReviewOutcome outcome = webhook.review(new AdmissionRequest(
                    "u1", resource, subResource, operation, "shop", false, pod("pillion.dev/inject: loging")));

            assertThat(outcome.code()).isEqualTo(ReasonCode.NOT_A_POD_CREATION);
            assertThat(outcome.response().auditAnnotations()).isEqualTo(Map.of("unchanged", "not-a-pod-creation"));
            assertThat(written(outcome).response()).isEqualTo(yaml("""
                    {uid: u1, allowed: true, auditAnnotations: {unchanged: not-a-pod-creation}}
                    """));
        }

        @Test
        void canHaveNoObject() throws Exception {
            ReviewOutcome outcome = webhook.review(
                    new AdmissionRequest("u1", "pods", "", "CREATE", "shop", false, MissingNode.getInstance()));

            assertThat(written(outcome).allowed()).isTrue();
        }
    }

    @Nested
    class TheNamespace {

        @Test
        void isTheOneOfTheRequestAndNotOfTheObject() throws Exception {
            ObjectNode pod = (ObjectNode) pod("pillion.dev/inject: logging");
            ((ObjectNode) pod.path("metadata")).put("namespace", "shop");

            ReviewOutcome outcome =
                    webhook.review(new AdmissionRequest("u1", "pods", "", "CREATE", "kube-system", false, pod));

            assertThat(outcome.code()).isEqualTo(ReasonCode.EXCLUDED_NAMESPACE);
            assertThat(outcome.response().auditAnnotations()).isEqualTo(Map.of("unchanged", "excluded-namespace"));
        }

        @Test
        void isFoundByItsName() throws Exception {
            MutatingWebhook withDefaults = new MutatingWebhook(DecisionSnapshot.current(
                    () -> new Injector(InjectionSettings.defaults()),
                    CatalogReader::builtIn,
                    name -> new Namespace(name, Map.of(), Map.of("pillion.dev/inject", "logging"))));

            assertThat(withDefaults
                            .review(creating(yaml("{spec: {containers: [{name: web}]}}")))
                            .code())
                    .isEqualTo(ReasonCode.INJECTED);
        }
    }

    @Nested
    class AuditAnnotations {

        @Test
        void nameSkippedProfiles() throws Exception {
            ReviewOutcome outcome = webhook.review(creating(yaml("""
                    metadata: {annotations: {pillion.dev/inject: "proxy, logging"}}
                    spec: {hostNetwork: true, containers: [{name: web, ports: [{containerPort: 80}]}]}
                    """)));

            assertThat(outcome.response().auditAnnotations())
                    .containsKey("profiles")
                    .containsEntry("skipped", "proxy");
            written(outcome);
        }

        @Test
        void haveTheReasonForNoInjection() {
            ReviewOutcome outcome = webhook.review(creating(yaml("{spec: {containers: [{name: web}]}}")));

            assertThat(outcome.response().auditAnnotations()).isEqualTo(Map.of("unchanged", "not-requested"));
        }
    }

    @Nested
    class Warnings {

        @Test
        void beginWithPillion() throws Exception {
            assertThat(warningsOf("proxy.pillion.dev/port: '80'"))
                    .containsExactly(
                            "pillion: annotation proxy.pillion.dev/port has no effect: nothing requests profile 'proxy'; add …",
                            "pillion: … pillion.dev/inject: proxy");
        }

        @Test
        void areSplitIntoLinesIfTheyAreLong() throws Exception {
            assertThat(warningsOf("log-shipper.pillion.dev/endpoint: http://a"))
                    .containsExactly(
                            "pillion: annotation log-shipper.pillion.dev/endpoint has no effect: nothing requests profile 'log-shipper'; add …",
                            "pillion: … pillion.dev/inject: log-shipper");
        }

        @Test
        void areCompleteAfterSplitting() throws Exception {
            for (int length = 1; length < 300; length++) {
                String name = "a".repeat(length);

                List<String> warnings = warningsOf(mounting(name));

                assertThat(warnings).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
                assertThat(joined(warnings))
                        .isEqualTo(
                                "annotation pillion.dev/inject requests profile 'logging', but container web has its own volume at /var/log/app/"
                                        .concat(name)
                                        .concat(", which is not shared")
                                        .replace(" ", ""));
            }
        }

        @Test
        void haveDistinctLinesBecauseTheApiServerDropsDuplicates() throws Exception {
            List<String> warnings = warningsOf(yaml("""
                    metadata: {annotations: {pillion.dev/inject: logging}}
                    spec:
                      containers:
                        - name: web
                          volumeMounts: [{name: a, mountPath: /var/log/app/one}, {name: b, mountPath: /var/log/app/two}]
                    """));

            assertThat(warnings)
                    .doesNotHaveDuplicates()
                    .filteredOn(line -> line.endsWith("which is not shared"))
                    .hasSize(2);
        }

        @Test
        void areSplitBetweenCharacters() throws Exception {
            for (int length = 20; length < 80; length++) {
                assertThat(joined(warningsOf(mounting("a".repeat(length) + "🚀".repeat(60)))))
                        .contains("a".repeat(length) + "🚀".repeat(60) + ",whichisnotshared");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "\\n, ' '",
            "\\r\\n, ' '",
            "\\t, ' '",
            "\\x85, ' '",
            "\\e, <U+001B>",
            "\\x7f, <U+007F>",
            "\\x9b, <U+009B>",
            "\\u202e, <U+202E>"
        })
        void areOneLineWithoutControlCharacters(String control, String visible) throws Exception {
            assertThat(warningsOf(mounting("a" + control + "b")))
                    .containsExactly(
                            "pillion: annotation pillion.dev/inject requests profile 'logging', but container web has its own volume at …",
                            "pillion: … /var/log/app/a" + visible + "b, which is not shared");
        }

        @Test
        void fitIntoTheLimitOfTheApiServer() throws Exception {
            String mounts = IntStream.range(0, 100)
                    .mapToObj(index -> "{name: a, mountPath: /var/log/app/%s%d}".formatted("a".repeat(50), index))
                    .collect(Collectors.joining(", "));

            List<String> warnings = warningsOf(yaml("""
                    metadata: {annotations: {pillion.dev/inject: logging}}
                    spec: {containers: [{name: web, volumeMounts: [%s]}]}
                    """.formatted(mounts)));

            assertThat(warnings.stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(4_096);
            assertThat(warnings).hasSize(39);
            assertThat(warnings.getLast()).isEqualTo("pillion: 81 more warnings are omitted");
        }

        private List<String> warningsOf(String annotation) throws Exception {
            return warningsOf(pod(annotation));
        }

        private List<String> warningsOf(JsonNode pod) throws Exception {
            return written(webhook.review(creating(pod))).warnings();
        }

        /** The text of one warning without spaces, from all its lines. */
        private static String joined(List<String> lines) {
            return lines.stream()
                    .map(line -> line.substring("pillion: ".length())
                            .replace("…", "")
                            .replace(" ", ""))
                    .collect(Collectors.joining());
        }

        private JsonNode mounting(String name) {
            return yaml("""
                    metadata: {annotations: {pillion.dev/inject: logging}}
                    spec: {containers: [{name: web, volumeMounts: [{name: a, mountPath: "/var/log/app/%s"}]}]}
                    """.formatted(name));
        }
    }

    private static AdmissionRequest creating(JsonNode pod) {
        return new AdmissionRequest("u1", "pods", "", "CREATE", "shop", false, pod);
    }

    private static ReviewResponse written(ReviewOutcome outcome) throws Exception {
        return ReviewResponse.read(ReviewWriter.write(outcome.response())).wellFormed("u1");
    }

    private static MutatingWebhook webhook(Catalog catalog) {
        return new MutatingWebhook(DecisionSnapshot.current(
                () -> new Injector(InjectionSettings.defaults()), () -> catalog, Namespace::named));
    }

    private static JsonNode pod(String... annotations) {
        return yaml("metadata:\n  annotations:\n"
                + String.join("\n", annotations).indent(4) + "spec: {containers: [{name: web, image: nginx}]}\n");
    }

    private static JsonNode yaml(String text) {
        try {
            return YamlReader.read(text).getFirst().tree();
        } catch (Exception e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
