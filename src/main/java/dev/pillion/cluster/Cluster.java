package dev.pillion.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a cluster's API server is, and who Pillion is there. Making one speaks to nobody. */
public final class Cluster {

    /** Where Kubernetes mounts a Pod's ServiceAccount. */
    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /** A lost watch is asked for again after half a second, then after twice as long each time, up to 32 times: 16 seconds. */
    private static final int FIRST_RETRY_MILLIS = 500;

    private final Config config;

    public Cluster(Config config) {
        this.config = config;
    }

    /** The cluster that this process runs in, as a Pod with a ServiceAccount; empty when it does not. */
    public static Optional<Cluster> around() {
        return around(System.getenv(), SERVICE_ACCOUNT);
    }

    static Optional<Cluster> around(Map<String, String> environment, Path serviceAccount) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        Path token = serviceAccount.resolve("token");
        if (host.isEmpty() || !Files.isReadable(token)) {
            return Optional.empty();
        }
        Config config = Config.empty();
        config.setMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"));
        config.setCaCertFile(serviceAccount.resolve("ca.crt").toString());
        config.setOauthTokenProvider(new MountedToken(token));
        return Optional.of(patient(config));
    }

    /**
     * The cluster of a kubeconfig's current context.
     *
     * @throws InvalidClusterException when the file cannot be read or leads to no cluster
     */
    public static Cluster of(Path kubeconfig) throws InvalidClusterException {
        return patient(Kubeconfig.read(kubeconfig));
    }

    private static Cluster patient(Config config) {
        config.setWatchReconnectInterval(FIRST_RETRY_MILLIS);
        return new Cluster(config);
    }

    /** The API server's address. */
    public String url() {
        return config.getMasterUrl().replaceFirst("/+$", "");
    }

    /**
     * A client for objects that are read and written by name; nothing is sent yet.
     *
     * @param userAgent as the API server is to see it in its audit log
     * @throws InvalidClusterException when a certificate or a key cannot be read
     */
    public KubernetesClient client(String userAgent) throws InvalidClusterException {
        return client(userAgent, new Interceptor() {});
    }

    /**
     * A client; nothing is sent yet.
     *
     * @throws InvalidClusterException when a certificate or a key cannot be read
     */
    public KubernetesClient client(String userAgent, Interceptor... interceptors) throws InvalidClusterException {
        config.setUserAgent(userAgent);
        // A failed request is tried once more at once. Beyond that it is the informer that tries again, and says why.
        config.setRequestRetryBackoffLimit(1);
        try {
            return new KubernetesClientBuilder()
                    .withConfig(config)
                    .withKubernetesSerialization(serialization())
                    .withHttpClientBuilderConsumer(http -> {
                        for (int index = 0; index < interceptors.length; index++) {
                            http.addOrReplaceInterceptor("pillion-" + index, interceptors[index]);
                        }
                    })
                    .build();
        } catch (KubernetesClientException e) {
            throw new InvalidClusterException(
                    "the credentials for " + url() + " cannot be used: " + WatchHealth.rootOf(e));
        }
    }

    /** Knows the types that a watch sends, instead of looking for all the hundreds that there are. */
    private static KubernetesSerialization serialization() {
        KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);
        serialization.registerKubernetesResource(Namespace.class);
        serialization.registerKubernetesResource(Status.class);
        return serialization;
    }
}
