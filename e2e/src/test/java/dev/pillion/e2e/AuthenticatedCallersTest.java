package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The API server authenticates to Pillion as {@code docs/authentication.md} describes, and no other client can send reviews. {@code
 * cluster/node} configures the API server of the cluster that {@code e2e/run} creates.
 */
@Isolated
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class AuthenticatedCallersTest {

    private static final String LABEL = "e2e.pillion.dev/callers";

    /** Each Pod causes three reviews: /mutate, a second /mutate because another plug-in changed the Pod, and /validate. */
    private static final int PODS = 3400;

    private static final int PODS_WITH_A_TOKEN = 400;
    private static final int CREATORS = 8;

    /** The number of requests of each kind of unknown caller, on each path. */
    private static final int REQUESTS = 300;

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {generateName: app-, annotations: {pillion.dev/inject: logging}}
            spec:
              containers: [{name: app, image: "busybox:1.37"}]
            """;

    @Test
    void acceptsTheApiServersClientCertificateAndRefusesUnknownCallers() throws Exception {
        assumeTrue(Environment.OWN_CLUSTER, "the API server must be configured for it");
        Path directory = Environment.temporaryDirectory("callers");
        Path authorities = Files.copy(Environment.admission("clients-ca.crt"), directory.resolve("ca.crt"));
        Certificate selfSigned = Certificate.ofName("kube-apiserver");
        Certificate ofAnotherName = issue(directory, "/CN=system:node:node/O=system:nodes");
        List<List<String>> callers = List.of(
                List.of(),
                List.of(
                        "--cert",
                        selfSigned.certificate().toString(),
                        "--key",
                        selfSigned.key().toString()),
                List.of(
                        "--cert",
                        ofAnotherName.certificate().toString(),
                        "--key",
                        ofAnotherName.key().toString()),
                bearer("x".repeat(900)));
        Map<String, String> settings = Map.of(
                "PILLION_CLIENTS_CERTIFICATE_AUTHORITY",
                authorities.toAbsolutePath().toString(),
                "PILLION_CLIENTS_NAMES",
                "kube-apiserver");

        call("pillion-e2e-callers", settings, (pillion, sandbox) -> {
            assertThatTheApiServerIsAccepted(pillion, sandbox, PODS);
            assertThatUnknownCallersAreRefused(pillion, callers);
            rotateToAnotherAuthority(sandbox, authorities, directory);
        });
    }

    @Test
    void acceptsTheApiServersTokenAndRefusesUnknownCallers() throws Exception {
        assumeTrue(Environment.OWN_CLUSTER, "the API server must be configured for it");
        kubectl("--namespace=kube-system", "create", "serviceaccount", "pillion-caller");
        Files.writeString(Environment.admission("token"), token("kube-system", "pillion-caller", "--audience=pillion"));
        List<List<String>> callers = List.of(
                List.of(),
                bearer("x".repeat(900)),
                bearer(token("default", "default", "--audience=pillion")),
                bearer(token("kube-system", "pillion-caller", "--audience=https://kubernetes.default.svc")));
        Map<String, String> settings = Map.of("PILLION_CLIENTS_SERVICE_ACCOUNTS", "kube-system/pillion-caller");

        call("pillion-e2e-tokens", settings, (pillion, sandbox) -> {
            assertThatTheApiServerIsAccepted(pillion, sandbox, PODS_WITH_A_TOKEN);
            assertThatUnknownCallersAreRefused(pillion, callers);
        });
    }

    /** A check of a Pillion that authenticates its callers, in a namespace for which the API server calls it. */
    private interface Trial {
        void run(PillionProcess pillion, Sandbox sandbox) throws Exception;
    }

    /** @param namespace the namespace of the Service. The API server's kubeconfig selects the credentials by it */
    private static void call(String namespace, Map<String, String> settings, Trial trial) throws Exception {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("PILLION_RESOURCES_WATCH", "never");
        try (PillionProcess pillion = PillionProcess.start(
                        namespace, Certificate.ofName("pillion." + namespace + ".svc"), environment);
                KubernetesClient client = Environment.client();
                Objects objects = Objects.create(client, namespace, pillion);
                Sandbox sandbox = Sandbox.open(client, Map.of(LABEL, namespace))) {
            sandbox.awaitWebhook();
            trial.run(pillion, sandbox);
        }
    }

    private static void assertThatTheApiServerIsAccepted(PillionProcess pillion, Sandbox sandbox, int pods)
            throws Exception {
        createDryRun(sandbox, pods);

        String metrics = pillion.metrics();
        double reviews = sum(metrics, "pillion_reviews_total");
        System.out.printf(
                "         %.0f reviews answered, %.0f calls of the API server refused%n",
                reviews, sum(metrics, "pillion_unauthenticated_requests_total"));
        assertThat(reviews).isGreaterThanOrEqualTo(3.0 * pods);
        assertThat(sum(metrics, "pillion_unauthenticated_requests_total")).isZero();
    }

    private static void assertThatUnknownCallersAreRefused(PillionProcess pillion, List<List<String>> callers)
            throws Exception {
        double reviews = sum(pillion.metrics(), "pillion_reviews_total");
        int sent = 0;
        for (String path : List.of("/mutate", "/validate", "/validate-resources")) {
            for (List<String> credentials : callers) {
                assertThat(statuses(pillion, path, credentials))
                        .as("%s by %s", path, credentials)
                        .hasSize(REQUESTS)
                        .containsOnly("403");
                sent += REQUESTS;
            }
        }
        String metrics = pillion.metrics();
        System.out.printf("         %d requests of unknown callers refused%n", sent);
        assertThat(sum(metrics, "pillion_unauthenticated_requests_total")).isEqualTo(sent);
        assertThat(sum(metrics, "pillion_reviews_total"))
                .as("Pillion read no review of an unknown caller")
                .isEqualTo(reviews);
    }

    private static Command tryToCreate(Sandbox sandbox, String profile) {
        return sandbox.kubectl(
                "run",
                "probe",
                "--image=busybox:1.37",
                "--dry-run=server",
                "--annotations=pillion.dev/inject=" + profile);
    }

    private static void createDryRun(Sandbox sandbox, int pods) throws Exception {
        List<Future<Pod>> creations = new ArrayList<>();
        try (ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
            for (int number = 0; number < pods; number++) {
                creations.add(creators.submit(() -> (Pod) sandbox.client()
                        .resource(POD)
                        .inNamespace(sandbox.namespace())
                        .dryRun()
                        .create()));
            }
        }
        for (Future<Pod> creation : creations) {
            assertThat(Manifests.names(creation.get())).contains("log-tailer");
        }
    }

    private static List<String> bearer(String token) {
        return List.of("--header", "Authorization: Bearer " + token);
    }

    private static String token(String namespace, String account, String audience) {
        return kubectl("--namespace=" + namespace, "create", "token", account, audience, "--duration=1h")
                .strip();
    }

    private static String kubectl(String... arguments) {
        return Command.run(Stream.concat(Stream.of("kubectl"), Stream.of(arguments))
                        .toList())
                .orFail();
    }

    private static List<String> statuses(PillionProcess pillion, String path, List<String> credentials) {
        List<String> line = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--insecure",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}\n",
                "--header",
                "Content-Type: application/json",
                "--data",
                "@" + Environment.ROOT.resolve("examples/review.json"),
                pillion.url(path) + "?[1-" + REQUESTS + "]"));
        line.addAll(credentials);
        return Command.run(line).orFail().lines().toList();
    }

    /** A client certificate of the accepted authority for another common name. */
    private static Certificate issue(Path directory, String subject) throws Exception {
        Path key = directory.resolve("other.key").toAbsolutePath();
        Path request = directory.resolve("other.csr").toAbsolutePath();
        Path certificate = directory.resolve("other.crt").toAbsolutePath();
        Command.run(List.of(
                        "openssl",
                        "req",
                        "-new",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-subj",
                        subject,
                        "-keyout",
                        key.toString(),
                        "-out",
                        request.toString()))
                .orFail();
        Command.run(List.of(
                        "openssl",
                        "x509",
                        "-req",
                        "-in",
                        request.toString(),
                        "-CA",
                        Environment.admission("clients-ca.crt").toString(),
                        "-CAkey",
                        Environment.admission("clients-ca.key").toString(),
                        "-days",
                        "1",
                        "-out",
                        certificate.toString()))
                .orFail();
        return new Certificate(certificate, key);
    }

    /** Replaces the file while the API server has open connections. It is refused, the user gets the reason, and the old file restores access. */
    private static void rotateToAnotherAuthority(Sandbox sandbox, Path authorities, Path directory) throws Exception {
        Path other = Certificate.ofName("another-authority").certificate();
        replace(authorities, other, directory);
        await("the API server is refused").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        tryToCreate(sandbox, "logging").errors())
                .contains("Pillion accepts reviews only from API servers that authenticate")
                .contains("its client certificate is not trusted: no trusted authority signed it"));

        replace(authorities, Environment.admission("clients-ca.crt"), directory);
        await("the API server is accepted again")
                .atMost(Duration.ofSeconds(30))
                .until(() -> tryToCreate(sandbox, "logging").exitCode() == 0);
    }

    private static void replace(Path file, Path by, Path directory) throws Exception {
        Path copy = Files.copy(by, directory.resolve("next.crt"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static double sum(String metrics, String name) {
        return Pattern.compile("(?m)^" + name + "(?:\\{.*})? (\\S+)$")
                .matcher(metrics)
                .results()
                .mapToDouble(sample -> Double.parseDouble(sample.group(1)))
                .sum();
    }

    /** A Service in a separate namespace with the process as its endpoint, and webhooks that use the Service. */
    private record Objects(KubernetesClient client, List<HasMetadata> all) implements AutoCloseable {

        private static final String MANIFEST = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: pillion, namespace: %1$s}
                spec:
                  ports: [{name: https, port: 443, targetPort: %3$d}]
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: pillion-process
                  namespace: %1$s
                  labels: {kubernetes.io/service-name: pillion}
                addressType: IPv4
                endpoints: [{addresses: ["%2$s"], conditions: {ready: true}}]
                ports: [{name: https, port: %3$d, protocol: TCP}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                  - name: mutate.%1$s.pillion.dev
                    admissionReviewVersions: [v1]
                    clientConfig: {service: {name: pillion, namespace: %1$s, path: /mutate, port: 443}, caBundle: %4$s}
                    rules:
                      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: Namespaced}
                    namespaceSelector: {matchLabels: {%5$s: %1$s}}
                    failurePolicy: Fail
                    reinvocationPolicy: IfNeeded
                    sideEffects: None
                    timeoutSeconds: 10
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                  - name: validate.%1$s.pillion.dev
                    admissionReviewVersions: [v1]
                    clientConfig: {service: {name: pillion, namespace: %1$s, path: /validate, port: 443}, caBundle: %4$s}
                    rules:
                      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: Namespaced}
                    namespaceSelector: {matchLabels: {%5$s: %1$s}}
                    failurePolicy: Fail
                    sideEffects: None
                    timeoutSeconds: 10
                """;

        static Objects create(KubernetesClient client, String namespace, PillionProcess pillion) throws Exception {
            List<HasMetadata> all = List.copyOf(client.resourceList(MANIFEST.formatted(
                            namespace,
                            Environment.ADDRESS,
                            pillion.port(),
                            pillion.certificate().caBundle(),
                            LABEL))
                    .items());
            for (HasMetadata each : all) {
                client.resource(each).create();
            }
            return new Objects(client, all);
        }

        @Override
        public void close() {
            for (HasMetadata each : all.reversed()) {
                client.resource(each).delete();
            }
        }
    }
}
