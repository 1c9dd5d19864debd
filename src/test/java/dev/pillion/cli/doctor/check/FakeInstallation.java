package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cli.doctor.check.Inspection.ServedCertificates;
import dev.pillion.cli.doctor.check.Inspection.Subject;
import dev.pillion.cluster.ApiProbe;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.cluster.StubApiServer.Response;
import dev.pillion.cluster.UnreachableClusterException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A cluster with a healthy installation of Pillion, which a test breaks. */
public final class FakeInstallation implements AutoCloseable {

    static final String NAMESPACE = "pillion";
    static final String VERSION = "1.2.3";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/";

    final StubApiServer server = new StubApiServer();
    final Instant now = Instant.now();
    final CertificateAuthority authority = CertificateAuthority.create(Duration.ofDays(365), now);
    ServerCertificate certificate = authority.issue(List.of("pillion.pillion.svc"), Duration.ofDays(90), now);

    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final Map<String, List<String>> lists = new LinkedHashMap<>();
    private final Set<String> denied = new HashSet<>(Set.of("create pods/portforward in namespace pillion"));
    private Duration clockOffset = Duration.ZERO;
    private ServedCertificates served = (namespace, pod, port) -> certificate.chain();
    private Optional<String> image = Optional.empty();

    public FakeInstallation() {
        server.on("/version", "{\"gitVersion\": \"v1.36.0\"}");
        server.onPost(REVIEWS + "selfsubjectaccessreviews", this::review);
        server.onPost(REVIEWS + "subjectaccessreviews", this::review);
        server.onPost("/api/v1/namespaces/default/pods?dryRun=All", FakeInstallation::injected);
        namespaces("default", NAMESPACE);
        put(Resource.DEPLOYMENT, deployment());
        put(Resource.SERVICE, tree("""
                {"metadata": {"name": "pillion"},
                 "spec": {"selector": {"app.kubernetes.io/name": "pillion"}, "ports": [{"port": 443, "targetPort": 8443}]}}
                """));
        put(
                Resource.SECRET,
                tree("{\"metadata\": {\"name\": \"pillion-certificate\"}, \"type\": \"kubernetes.io/tls\"}"));
        edit(Resource.SECRET, "pillion-certificate", secret -> secret.putObject("data")
                .put("tls.crt", base64(certificate.certificatePem())));
        list(Resource.POD, "app.kubernetes.io/name=pillion", pod("pillion-a"), pod("pillion-b"));
        list(Resource.ENDPOINT_SLICE, "kubernetes.io/service-name=pillion", tree("""
                {"metadata": {"name": "pillion-1"}, "endpoints": [
                  {"targetRef": {"name": "pillion-a"}, "conditions": {"ready": true}},
                  {"targetRef": {"name": "pillion-b"}, "conditions": {"ready": true}}]}
                """));
        server.on(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?limit=500&labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes",
                "{\"items\": [{\"ports\": [{\"port\": 6443}]}]}");
        for (JsonNode manifest : ShippedManifests.all()) {
            Resource resource = Resource.ofKind(manifest.path("kind").asText()).orElseThrow();
            switch (resource) {
                case DISRUPTION_BUDGET -> {
                    ((ObjectNode) manifest).putObject("status").put("disruptionsAllowed", 1);
                    list(resource, "", (ObjectNode) manifest);
                }
                case NETWORK_POLICY, MUTATING_WEBHOOKS, VALIDATING_WEBHOOKS -> {
                    manifest.path("webhooks").forEach(this::trust);
                    put(resource, (ObjectNode) manifest);
                    list(resource, "", (ObjectNode) manifest);
                }
                case CUSTOM_RESOURCE_DEFINITION, ROLE, ROLE_BINDING, CLUSTER_ROLE, CLUSTER_ROLE_BINDING ->
                    put(resource, (ObjectNode) manifest);
                default -> {}
            }
        }
    }

    private static ObjectNode deployment() {
        ObjectNode deployment = ShippedManifests.deployment();
        container(deployment.at("/spec/template/spec")).put("image", "registry.example.com/pillion:" + VERSION);
        deployment.putObject("status").put("readyReplicas", 2);
        return deployment;
    }

    static ObjectNode container(JsonNode podSpec) {
        return (ObjectNode) podSpec.at("/containers/0");
    }

    private static ObjectNode pod(String name) {
        return tree("""
                {"metadata": {"name": "%s", "labels": {"app.kubernetes.io/name": "pillion"}},
                 "spec": {"containers": [{"name": "pillion", "image": "registry.example.com/pillion:%s"}]},
                 "status": {"phase": "Running", "containerStatuses": [
                   {"name": "pillion", "ready": true, "imageID": "sha256:1", "state": {"running": {}}}]}}
                """.formatted(name, VERSION));
    }

    private void trust(JsonNode webhook) {
        ((ObjectNode) webhook.path("clientConfig")).put("caBundle", base64(authority.certificatePem()));
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The Pod with a companion. */
    private static Response injected(String pod) {
        ObjectNode tree = tree(pod);
        tree.withObject("/metadata/annotations").put("pillion.dev/status", "{\"profiles\":{\"logging\":{}}}");
        return new Response(201, tree.toString());
    }

    private Response review(String request) {
        ObjectNode review = tree(request);
        JsonNode asked = review.at("/spec/resourceAttributes");
        String subresource = asked.path("subresource").asText("");
        Permission permission = new Permission(
                asked.path("verb").asText(),
                asked.path("group").asText(),
                asked.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                asked.path("namespace").asText(""),
                asked.path("name").asText(""));
        review.putObject("status").put("allowed", !denied.contains(permission.toString()));
        return new Response(201, review.toString());
    }

    public StubApiServer server() {
        return server;
    }

    void deny(String permission) {
        denied.add(permission);
    }

    void allow(String permission) {
        denied.remove(permission);
    }

    /** Refuses to read a resource. */
    void forbid(Resource resource) {
        objects.keySet().stream()
                .filter(path -> path.startsWith(resource.path(NAMESPACE) + "/"))
                .forEach(path -> server.on(path, 403, "{}"));
        lists.keySet().stream()
                .filter(path -> path.startsWith(resource.path(NAMESPACE) + "?"))
                .forEach(path -> server.on(path, 403, "{}"));
    }

    /**
     * Refuses what a check needs.
     *
     * @return the right that is missing
     */
    String forbidFor(CheckId check) {
        return switch (check) {
            case KUBERNETES_VERSION, CLOCK -> {
                server.on("/version", 403, "{}");
                yield "get /version";
            }
            case INSTALL_RIGHTS -> {
                server.onPost(REVIEWS + "selfsubjectaccessreviews", _ -> new Response(403, "{}"));
                yield "create selfsubjectaccessreviews.authorization.k8s.io";
            }
            case RBAC -> {
                forbidReviewsOfOthers();
                yield forbidden(Resource.CLUSTER_ROLE_BINDING, "get");
            }
            case DRY_RUN_POD -> {
                rejectPod(403, "pods is forbidden: User 'me' cannot create resource 'pods' in API group ''");
                yield "create pods in namespace default";
            }
            case POD_SECURITY -> forbidden(Resource.NAMESPACE, "get");
            case CRDS -> forbidden(Resource.CUSTOM_RESOURCE_DEFINITION, "get");
            case IMAGE, DEPLOYMENT, DISRUPTION_BUDGET -> forbidden(Resource.DEPLOYMENT, "get");
            case VERSIONS -> forbidden(Resource.POD, "list");
            case SERVICE -> forbidden(Resource.SERVICE, "get");
            case ENDPOINTS -> forbidden(Resource.ENDPOINT_SLICE, "list");
            case NETWORK_POLICIES -> forbidden(Resource.NETWORK_POLICY, "list");
            case CERTIFICATE, CA_BUNDLE -> forbidden(Resource.SECRET, "get");
            case WEBHOOKS -> forbidden(Resource.MUTATING_WEBHOOKS, "get");
            case OTHER_WEBHOOKS, OUTAGE -> forbidden(Resource.NAMESPACE, "list");
        };
    }

    private String forbidden(Resource resource, String verb) {
        forbid(resource);
        return resource.right(verb, NAMESPACE);
    }

    /** Rejects the Pod that is created as a dry run. */
    void rejectPod(int code, String message) {
        server.onPost(
                "/api/v1/namespaces/default/pods?dryRun=All",
                _ -> new Response(code, "{\"message\": \"" + message + "\"}"));
    }

    void forbidReviewsOfOthers() {
        server.onPost(REVIEWS + "subjectaccessreviews", _ -> new Response(403, "{}"));
    }

    void put(Resource resource, ObjectNode object) {
        String path = resource.path(NAMESPACE, PillionWorkload.name(object));
        objects.put(path, object);
        server.on(path, object.toString());
    }

    void delete(Resource resource, String name) {
        server.on(resource.path(NAMESPACE, name), 404, "{}");
    }

    void edit(Resource resource, String name, Consumer<ObjectNode> change) {
        ObjectNode object = objects.get(resource.path(NAMESPACE, name));
        change.accept(object);
        put(resource, object);
    }

    void list(Resource resource, String labels, ObjectNode... items) {
        String path = resource.path(NAMESPACE) + "?limit=500"
                + (labels.isEmpty() ? "" : "&labelSelector=" + Resource.encoded(labels));
        List<String> texts = new ArrayList<>();
        for (ObjectNode item : items) {
            texts.add(item.toString());
        }
        lists.put(path, texts);
        server.on(path, "{\"items\": " + texts + "}");
    }

    /** @param names each may end with labels, as in {@code bank pillion.dev/enforcement=strict} */
    void namespaces(String... names) {
        ObjectNode[] items = new ObjectNode[names.length];
        for (int index = 0; index < names.length; index++) {
            String[] words = names[index].split(" ");
            items[index] = tree("{\"metadata\": {\"name\": \"%s\"}}".formatted(words[0]));
            ObjectNode labels =
                    items[index].withObject("/metadata/labels").put("kubernetes.io/metadata.name", words[0]);
            for (int word = 1; word < words.length; word++) {
                String[] label = words[word].split("=", 2);
                labels.put(label[0], label[1]);
            }
            put(Resource.NAMESPACE, items[index]);
        }
        list(Resource.NAMESPACE, "", items);
    }

    /** The Pods of Pillion, each changed. */
    void editPods(Consumer<ObjectNode> change) {
        ObjectNode first = pod("pillion-a");
        ObjectNode second = pod("pillion-b");
        change.accept(first);
        change.accept(second);
        list(Resource.POD, "app.kubernetes.io/name=pillion", first, second);
    }

    /** Gives all replicas a version by their label. */
    public void setVersion(String version) {
        editPods(pod -> {
            container(pod.path("spec")).put("image", "registry.example.com/pillion@sha256:1");
            pod.withObject("/metadata/labels").put("app.kubernetes.io/version", version);
        });
    }

    void noPods() {
        list(Resource.POD, "app.kubernetes.io/name=pillion");
    }

    /** Lets the command read the certificates of Pods. */
    void serve(ServedCertificates certificates) {
        allow("create pods/portforward in namespace pillion");
        served = certificates;
    }

    /** Puts the clock of this machine ahead. */
    void setClock(Duration offset) {
        clockOffset = offset;
    }

    void install(String reference) {
        image = Optional.of(reference);
    }

    static ObjectNode tree(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    List<Finding> run(Check check) {
        try (ApiProbe api = new ApiProbe(server.cluster(), "test")) {
            return Checks.run(check, inspection(api));
        } catch (InvalidClusterException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs all checks as a user who may read the certificates of the replicas. */
    public void runAll(Consumer<Finding> receiver) {
        serve(served);
        try (ApiProbe api = new ApiProbe(server.cluster(), "test")) {
            Checks.run(false, inspection(api), receiver);
        } catch (InvalidClusterException | UnreachableClusterException e) {
            throw new IllegalStateException(e);
        }
    }

    private Inspection inspection(ApiProbe api) {
        InstantSource clock = () -> Instant.now().plus(clockOffset);
        return new Inspection(api, served, clock, new Subject(NAMESPACE, "default", VERSION, image));
    }

    @Override
    public void close() {
        server.close();
    }
}
