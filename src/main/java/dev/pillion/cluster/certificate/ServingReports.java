package dev.pillion.cluster.certificate;

import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cluster.LogOnChange;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Reports of which replica serves which certificate. Each replica writes an annotation into the Secret with the certificate, for which it needs no
 * other right. The replicas are the running Pods of Pillion.
 */
final class ServingReports {

    static final String RIGHT = "list on pods";

    private static final Logger LOG = Logger.getLogger(ServingReports.class);
    private static final String PREFIX = "serving.pillion.dev/";

    /** An annotation with the question of the leader. Reports from before it, or from a restored backup, have another one. */
    private static final String QUESTION = "pillion.dev/serving-question";

    /** The part of an annotation's key after the slash (apimachinery, IsQualifiedName). */
    private static final int MAX_NAME = 63;

    private final KubernetesClient client;
    private final String namespace;
    private final String identity;
    private final LogOnChange unknown = new LogOnChange(
            LOG,
            "it is not known whether every replica serves the new certificate, and authorities that were lost stay trusted");

    /** @param identity of this replica, the name of its Pod if it has one */
    ServingReports(KubernetesClient client, String namespace, String identity) {
        this.client = client;
        this.namespace = namespace;
        this.identity = identity;
    }

    /** The key of a replica's annotation. A long name is cut at the start: the Pods of one ReplicaSet differ at the end. */
    static String key(String replica) {
        String end = replica.substring(Math.max(0, replica.length() - MAX_NAME));
        return PREFIX + end.replaceFirst("^[^A-Za-z0-9]+", "");
    }

    /** The fingerprints, by the keys of the annotations. */
    static Map<String, String> of(Secret secret) {
        return annotations(secret).entrySet().stream()
                .filter(it -> it.getKey().startsWith(PREFIX))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static boolean hasQuestion(Secret secret, String question) {
        return question.equals(annotations(secret).get(QUESTION));
    }

    /** The Secret with a new question and without reports. */
    static Secret withQuestion(Secret secret, String question) {
        return new SecretBuilder(withoutReports(secret))
                .editMetadata()
                .addToAnnotations(QUESTION, question)
                .endMetadata()
                .build();
    }

    static Secret withoutReports(Secret secret) {
        Map<String, String> left = new TreeMap<>(annotations(secret));
        left.keySet().removeIf(key -> key.startsWith(PREFIX));
        return new SecretBuilder(secret)
                .editMetadata()
                .withAnnotations(left)
                .endMetadata()
                .build();
    }

    private static Map<String, String> annotations(Secret secret) {
        return Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
    }

    /** Whether every running replica has reported that it serves this certificate; false if the replicas are not known. */
    boolean allServe(Secret secret, ServerCertificate certificate) {
        Map<String, String> reports = of(secret);
        try {
            Set<String> running = client
                    .pods()
                    .inNamespace(namespace)
                    .withLabel("app.kubernetes.io/name", "pillion")
                    .list()
                    .getItems()
                    .stream()
                    .filter(ServingReports::isRunning)
                    .map(pod -> pod.getMetadata().getName())
                    .collect(Collectors.toSet());
            unknown.recovered();
            return running.contains(identity)
                    && running.stream()
                            .allMatch(pod -> certificate.fingerprint().equals(reports.get(key(pod))));
        } catch (KubernetesClientException e) {
            unknown.failed(LogOnChange.reason(e, RIGHT));
            return false;
        }
    }

    /** A Pod that is being deleted still answers until it has ended. */
    private static boolean isRunning(Pod pod) {
        return pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase());
    }
}
