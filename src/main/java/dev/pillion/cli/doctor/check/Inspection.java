package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cluster.ApiProbe;
import dev.pillion.cluster.ApiResponse;
import dev.pillion.cluster.UnreachableClusterException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cluster that the checks examine. Each object is read once. */
public final class Inspection {

    /** The name of most of Pillion's objects in {@code deploy/}. */
    static final String PILLION = "pillion";

    /** The port of Pillion's container for reviews. */
    static final int WEBHOOK_PORT = 8443;

    private static final String POD_LABEL = "app.kubernetes.io/name=" + PILLION;

    private static final String VERSION = "/version";

    private static final int PAGE = 500;

    private final ApiProbe api;
    private final ServedCertificates served;
    private final InstantSource clock;
    private final String namespace;
    private final String podNamespace;
    private final String version;
    private final Optional<String> image;
    private final Map<String, ApiResponse> responses = new HashMap<>();
    private final Map<String, List<X509Certificate>> certificates = new HashMap<>();
    private @Nullable Optional<Duration> ahead;

    /** Reads the certificate that a Pod presents. */
    interface ServedCertificates {

        List<X509Certificate> of(String namespace, String pod, int port) throws UnreachableClusterException;
    }

    /**
     * What to examine.
     *
     * @param namespace of Pillion
     * @param podNamespace in which a Pod is created with a dry run
     * @param version of this command
     * @param image that will be installed; empty for the image of the Deployment, or of the manifests
     */
    public record Subject(String namespace, String podNamespace, String version, Optional<String> image) {}

    public Inspection(ApiProbe api, Subject subject) {
        this(api, api::certificates, InstantSource.system(), subject);
    }

    Inspection(ApiProbe api, ServedCertificates served, InstantSource clock, Subject subject) {
        this.api = api;
        this.served = served;
        this.clock = clock;
        this.namespace = subject.namespace();
        this.podNamespace = subject.podNamespace();
        this.version = subject.version();
        this.image = subject.image();
    }

    /** The namespace of Pillion. */
    String namespace() {
        return namespace;
    }

    String podNamespace() {
        return podNamespace;
    }

    /** The version of this command. */
    String version() {
        return version;
    }

    Optional<String> image() {
        return image;
    }

    /** An object of Pillion's namespace, or of the cluster; empty if it does not exist. */
    Optional<JsonNode> object(Resource resource, String name)
            throws MissingRightException, UnreachableClusterException {
        return object(resource, namespace, name);
    }

    Optional<JsonNode> object(Resource resource, String namespace, String name)
            throws MissingRightException, UnreachableClusterException {
        ApiResponse response = read(resource.path(namespace, name), resource.right("get", namespace));
        return response.isNotFound() ? Optional.empty() : Optional.of(response.body());
    }

    /** The objects of Pillion's namespace, or of the cluster. */
    List<JsonNode> list(Resource resource) throws MissingRightException, UnreachableClusterException {
        return list(resource, namespace, "");
    }

    /** @param labels a label selector in the form of kubectl; may be empty */
    List<JsonNode> list(Resource resource, String namespace, String labels)
            throws MissingRightException, UnreachableClusterException {
        List<JsonNode> objects = new ArrayList<>();
        String query = "?limit=" + PAGE + (labels.isEmpty() ? "" : "&labelSelector=" + Resource.encoded(labels));
        String next = "";
        do {
            ApiResponse page = read(
                    resource.path(namespace) + query + (next.isEmpty() ? "" : "&continue=" + Resource.encoded(next)),
                    resource.right("list", namespace));
            page.body().path("items").forEach(objects::add);
            next = page.body().path("metadata").path("continue").asText("");
        } while (!next.isEmpty());
        return objects;
    }

    /** Reads the version, which every API server shows to authenticated users. */
    void connect() throws UnreachableClusterException {
        try {
            serverVersion();
        } catch (MissingRightException _) {
            // The check of the version reports that.
        }
    }

    /** The version of the API server, such as {@code v1.36.0}. */
    String serverVersion() throws MissingRightException, UnreachableClusterException {
        ApiResponse response = read(VERSION, "get " + VERSION);
        if (ahead == null) {
            ahead = response.date().map(date -> Duration.between(clock.instant(), date));
        }
        return response.body().path("gitVersion").asText();
    }

    /** How far the clock of the API server is ahead of this machine's, to the second; empty if the API server does not send its time. */
    Optional<Duration> serverAhead() throws MissingRightException, UnreachableClusterException {
        serverVersion();
        return Objects.requireNonNull(ahead);
    }

    /** The time of the API server; that of this machine if the API server does not send it. */
    Instant serverTime() throws MissingRightException, UnreachableClusterException {
        return clock.instant().plus(serverAhead().orElse(Duration.ZERO));
    }

    /** The Deployment of Pillion; empty if it does not exist. */
    Optional<JsonNode> deployment() throws MissingRightException, UnreachableClusterException {
        return object(Resource.DEPLOYMENT, PILLION);
    }

    /** The Pods of Pillion that are not being deleted. */
    List<JsonNode> pods() throws MissingRightException, UnreachableClusterException {
        return list(Resource.POD, namespace, POD_LABEL).stream()
                .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                .toList();
    }

    /**
     * Sends an object that the API server evaluates and does not store.
     *
     * @return also a rejection
     */
    ApiResponse evaluate(String path, ObjectNode object) throws UnreachableClusterException {
        return api.post(path, object);
    }

    /**
     * Sends an object that the API server evaluates and does not store.
     *
     * @param right that the caller needs
     * @return a successful response
     */
    ApiResponse evaluate(String path, ObjectNode object, String right)
            throws MissingRightException, UnreachableClusterException {
        return checked(path, right, api.post(path, object));
    }

    /** The certificate chain that a Pod of Pillion presents at its port for reviews. */
    List<X509Certificate> servedBy(String pod) throws UnreachableClusterException {
        List<X509Certificate> known = certificates.get(pod);
        if (known == null) {
            known = served.of(namespace, pod, WEBHOOK_PORT);
            certificates.put(pod, known);
        }
        return known;
    }

    private ApiResponse read(String path, String right) throws MissingRightException, UnreachableClusterException {
        ApiResponse known = responses.get(path);
        if (known == null) {
            known = api.get(path);
            responses.put(path, known);
        }
        return known.isNotFound() ? known : checked(path, right, known);
    }

    private ApiResponse checked(String path, String right, ApiResponse response)
            throws MissingRightException, UnreachableClusterException {
        if (response.isForbidden()) {
            throw new MissingRightException(right);
        }
        if (!response.isSuccessful()) {
            throw api.failure(path, response);
        }
        return response;
    }
}
