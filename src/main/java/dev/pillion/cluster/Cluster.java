package dev.pillion.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.pod.VolumeMount;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The address of a cluster's API server and Pillion's credentials there. The constructor does not connect. */
public final class Cluster {

    /** A lost watch is repeated after half a second, then after twice as long each time, up to 32 times as long: 16 seconds. */
    private static final int FIRST_RETRY_MILLIS = 500;

    private final Config config;

    public Cluster(Config config) {
        this.config = config;
    }

    /** The cluster in which this process runs as a Pod with a ServiceAccount; empty if it does not. */
    public static Optional<Cluster> around() {
        return around(System.getenv(), Path.of(VolumeMount.TOKEN_DIRECTORY));
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
        readIfPresent(serviceAccount.resolve("namespace")).ifPresent(config::setNamespace);
        return Optional.of(withRetries(config));
    }

    private static Optional<String> readIfPresent(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The cluster of a kubeconfig's current context.
     *
     * @throws InvalidClusterException if the file cannot be read or names no cluster
     */
    public static Cluster of(Path kubeconfig) throws InvalidClusterException {
        return of(kubeconfig, Optional.empty());
    }

    /**
     * The cluster of a kubeconfig's context.
     *
     * @param context its name; empty for the current context
     * @throws InvalidClusterException if the file cannot be read, or has no such context, or the context names no cluster
     */
    public static Cluster of(Path kubeconfig, Optional<String> context) throws InvalidClusterException {
        return withRetries(Kubeconfig.read(kubeconfig, context));
    }

    private static Cluster withRetries(Config config) {
        config.setWatchReconnectInterval(FIRST_RETRY_MILLIS);
        return new Cluster(config);
    }

    /** The API server's address. */
    public String url() {
        return config.getMasterUrl().replaceFirst("/+$", "");
    }

    /** The namespace of the kubeconfig's context, or of the ServiceAccount; {@code default} if there is none. */
    public String namespace() {
        return Optional.ofNullable(config.getNamespace())
                .filter(name -> !name.isEmpty())
                .orElse("default");
    }

    /**
     * A client for objects that are read and written by name; nothing is sent yet.
     *
     * @param userAgent for the audit log of the API server
     * @throws InvalidClusterException if a certificate or a key cannot be read
     */
    public KubernetesClient client(String userAgent) throws InvalidClusterException {
        return client(userAgent, new Interceptor() {});
    }

    /**
     * A client; nothing is sent yet.
     *
     * @throws InvalidClusterException if a certificate or a key cannot be read
     */
    public KubernetesClient client(String userAgent, Interceptor... interceptors) throws InvalidClusterException {
        config.setUserAgent(userAgent);
        // A failed request is repeated once, at once. After that the informer repeats it and reports why.
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

    /** Registers only the types that a watch sends. Fabric8 would search for hundreds of types. */
    static KubernetesSerialization serialization() {
        KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(new ClusterJson()), false);
        serialization.registerKubernetesResource(Namespace.class);
        serialization.registerKubernetesResource(Status.class);
        return serialization;
    }
}
