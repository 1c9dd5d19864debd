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
 * Which replica serves which certificate. Each writes it as an annotation of the Secret that it read the certificate from, where no further
 * right is needed for it. The running Pods of Pillion are the replicas.
 */
final class ServingReports {

    static final String RIGHT = "list on pods";

    private static final Logger LOG = Logger.getLogger(ServingReports.class);
    private static final String PREFIX = "serving.pillion.dev/";

    /** What a leader asked with; what was reported before, or came back with a Secret from a backup, has another. */
    private static final String QUESTION = "pillion.dev/serving-question";

    /** The part of an annotation's key after the slash (apimachinery, IsQualifiedName). */
    private static final int LONGEST_NAME = 63;

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

    /** Of a long name the end, in which the Pods of one ReplicaSet differ. */
    static String key(String replica) {
        String end = replica.substring(Math.max(0, replica.length() - LONGEST_NAME));
        return PREFIX + end.replaceFirst("^[^A-Za-z0-9]+", "");
    }

    /** By their keys, the fingerprints. */
    static Map<String, String> of(Secret secret) {
        return annotations(secret).entrySet().stream()
                .filter(it -> it.getKey().startsWith(PREFIX))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static boolean answer(Secret secret, String question) {
        return question.equals(annotations(secret).get(QUESTION));
    }

    /** Asks each replica anew. */
    static Secret asked(Secret secret, String question) {
        return new SecretBuilder(without(secret))
                .editMetadata()
                .addToAnnotations(QUESTION, question)
                .endMetadata()
                .build();
    }

    static Secret without(Secret secret) {
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

    /** Whether each replica that runs has reported that it serves this certificate; false where it is not known which there are. */
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
                    .filter(ServingReports::runs)
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

    /** One that is being deleted answers on until it has ended. */
    private static boolean runs(Pod pod) {
        return pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase());
    }
}
