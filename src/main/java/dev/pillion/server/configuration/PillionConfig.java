package dev.pillion.server.configuration;

import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.injection.settings.KnownSidecars;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The settings for operators: properties that start with {@code pillion.}, or environment variables {@code PILLION_…}.
 *
 * <p>Over 200 lines because it declares every setting once, with its default.
 */
@ConfigMapping(prefix = "pillion")
public interface PillionConfig {

    Profiles profiles();

    /**
     * Whether sidecars become native sidecars (Kubernetes 1.29 and newer) or plain containers. {@code auto} decides by the version of the cluster.
     * Without a cluster, {@code auto} means native sidecars.
     */
    @WithDefault("auto")
    NativeSidecars nativeSidecars();

    /** Whether the built-in profiles or the cluster set the users of companions. OpenShift requires the cluster. */
    @WithDefault("profile")
    UserAssignment userAssignment();

    /** Changes of the built-in list of third-party sidecars: {@code NAME}, {@code NAME=IMAGE} or {@code -NAME}; see {@code KnownSidecars}. */
    Optional<Set<String>> thirdPartySidecars();

    /** Namespaces whose Pods are never changed, in addition to those of Kubernetes. */
    Optional<Set<String>> excludedNamespaces();

    /** Registries to which other webhooks redirect images, for example {@code registry.example.com/mirror}. */
    Optional<Set<String>> imageMirrors();

    ToleratedAdditions toleratedAdditions();

    /** Changes that other webhooks may make to enforced companions and their Pods. {@code /validate} accepts them. */
    interface ToleratedAdditions {

        /** Names of environment variables in companions. A name that ends with {@code *} is a prefix. */
        Optional<Set<String>> env();

        /** Paths of volume mounts in companions. */
        Optional<Set<String>> mounts();

        /** Names of resources of companions, for example {@code ephemeral-storage}. */
        Optional<Set<String>> resources();

        /** Fields of companions that the profile does not set, for example {@code securityContext.runAsUser}. */
        Optional<Set<String>> containerFields();

        /** Whether probes of companions may be redirected to Istio's agent. */
        @WithDefault("false")
        boolean istioProbes();

        /** Fields of the Pod's spec, for example {@code hostAliases}. */
        Optional<Set<String>> podFields();
    }

    /** Pillion's own namespace. Its Pods are never changed, because Pillion must be able to start without itself. */
    @WithName("namespace")
    Optional<String> ownNamespace();

    /** For how long the server still answers after SIGTERM. In this time it is removed from the endpoints. */
    @WithDefault("0s")
    Duration drainTime();

    /** The name of this replica's Pod, which identifies the replica in the election of a leader. */
    @WithName("pod")
    Optional<String> ownPod();

    Http http();

    Cluster cluster();

    Resources resources();

    Tls tls();

    Clients clients();

    Metrics metrics();

    Audit audit();

    Traces traces();

    ReviewCache reviewCache();

    interface ReviewCache {

        /** Whether responses are cached. Each review is decided otherwise. */
        @WithDefault("true")
        boolean enabled();
    }

    WarmUp warmUp();

    /** The reviews that the server sends to itself before it is ready. The JIT compiler then compiles the methods that a review uses. */
    interface WarmUp {

        /** The number of reviews. */
        @WithDefault("96")
        int reviews();

        /** On a busy node, no more reviews are sent after this time, except for the first 24: a slow server is better than none. */
        @WithDefault("1s")
        Duration maxTime();
    }

    interface Http {

        /** The maximum number of open connections to the webhook port. */
        @WithDefault("5000")
        int maxConnections();

        /** The age at which a connection to the webhook port is closed after a response; up to a fifth shorter or longer, and 0 for never. */
        @WithDefault("5m")
        Duration connectionAge();

        /** The number of threads for large reviews. The default is the number of processors, and at least two. */
        OptionalInt workers();
    }

    interface Traces {

        /** Whether a span is exported for each review. The variables of OpenTelemetry set the destination. */
        @WithDefault("false")
        boolean enabled();
    }

    interface Audit {

        /** How often the leader audits all Pods of the cluster; 0 for never. */
        @WithDefault("30m")
        Duration period();
    }

    interface Metrics {

        /** Whether metrics of reviews have the label {@code namespace}. Off by default, because each namespace adds many series. */
        @WithDefault("false")
        boolean byNamespace();
    }

    interface Cluster {

        /** Whether namespaces are watched. {@code auto}: if there is a kubeconfig, or a ServiceAccount of the Pod. */
        @WithDefault("auto")
        Watching watch();

        /** Whether denials and audits create Events. */
        @WithDefault("true")
        boolean events();

        /** How often the cluster's version is read. */
        @WithDefault("10m")
        Duration versionCheckPeriod();

        /** The connection to the API server. Without it, the ServiceAccount of the Pod is used. */
        Optional<Path> kubeconfig();
    }

    interface Resources {

        /**
         * Whether profiles and policies of the cluster are used. {@code auto}: if namespaces are watched; a cluster without the CRDs has no profiles and
         * policies. {@code always}: the server is not ready until the CRDs exist.
         */
        @WithDefault("auto")
        Watching watch();
    }

    interface Tls {

        /** The server's certificate chain, in PEM. Without it, a self-signed certificate is created. */
        Optional<Path> certificate();

        /** The private key of the certificate, in PEM and not encrypted. */
        Optional<Path> key();

        /** How often the files, or the Secrets and webhook configurations, are checked for changes. */
        @WithDefault("5s")
        Duration reloadPeriod();

        /** Whether Pillion creates and renews its certificate itself, and sets {@code caBundle} of its webhooks. */
        @WithDefault("false")
        boolean selfManaged();

        /** The Secret with the certificate of all replicas, in Pillion's own namespace. */
        @WithDefault("pillion-certificate")
        String secret();

        /** The Secret with the authorities and their keys, in Pillion's own namespace. */
        @WithDefault("pillion-ca")
        String authoritySecret();

        /** The Service by which the API server reaches Pillion, in Pillion's own namespace. */
        @WithDefault("pillion")
        String service();

        /** DNS names and IP addresses of the certificate, in addition to those of the Service. */
        Optional<List<String>> subjectAlternativeNames();

        /** The name of the MutatingWebhookConfiguration and the ValidatingWebhookConfiguration in which {@code caBundle} is set. */
        @WithDefault("pillion")
        String webhookConfigurations();

        /**
         * Whether Pillion's own Namespace becomes the owner of these two, so that they are deleted with it. Only for self-managed certificates. An
         * owner that is already set does not change.
         */
        @WithDefault("true")
        boolean webhookOwnerReference();

        @WithDefault("90d")
        Duration certificateLifetime();

        /** One year. Pillion replaces the authority itself, so it needs no longer lifetime. A longer one makes a stolen key more useful. */
        @WithDefault("365d")
        Duration authorityLifetime();

        /** For how long a new authority is trusted before it signs certificates. */
        @WithDefault("1h")
        Duration overlap();
    }

    /** The callers that may send reviews. Without an authority and ServiceAccounts, every client that can connect to the port may. */
    interface Clients {

        /** A PEM file with one or more authorities for the client certificates of API servers. It is read again when it changes. */
        Optional<Path> certificateAuthority();

        /** Common names (CN) of accepted certificates. Without names and groups, all certificates of the authorities are accepted. */
        Optional<Set<String>> names();

        /** Organizations (O) of accepted certificates, in addition to certificates with one of the names. */
        Optional<Set<String>> groups();

        /** ServiceAccounts whose tokens are accepted, as {@code NAMESPACE/NAME}. */
        Optional<Set<String>> serviceAccounts();

        /** The audience of these tokens. It must not be the audience of the API server. */
        @WithDefault("pillion")
        String tokenAudience();
    }

    interface Profiles {

        /** A directory with profiles, in addition to the built-in ones. */
        Optional<Path> directory();

        /** How often the directory is checked for changes. */
        @WithDefault("5s")
        Duration reloadPeriod();
    }

    enum Watching {
        AUTO,
        ALWAYS,
        NEVER
    }

    enum NativeSidecars {
        AUTO,
        NATIVE,
        CONTAINER
    }

    enum UserAssignment {
        PROFILE,
        CLUSTER
    }

    /** @param available whether the cluster has native sidecars */
    default InjectionSettings settings(boolean available) {
        Set<String> excluded = new HashSet<>(InjectionSettings.EXCLUDED_NAMESPACES);
        excludedNamespaces().ifPresent(excluded::addAll);
        ownNamespace().ifPresent(excluded::add);
        return new InjectionSettings(
                switch (nativeSidecars()) {
                    case AUTO -> available;
                    case NATIVE -> true;
                    case CONTAINER -> false;
                },
                knownSidecars(),
                excluded,
                imageMirrors().orElse(Set.of()),
                new dev.pillion.injection.settings.ToleratedAdditions(
                        toleratedAdditions().env().orElse(Set.of()),
                        toleratedAdditions().mounts().orElse(Set.of()),
                        toleratedAdditions().resources().orElse(Set.of()),
                        toleratedAdditions().containerFields().orElse(Set.of()),
                        toleratedAdditions().podFields().orElse(Set.of()),
                        toleratedAdditions().istioProbes()),
                userAssignment() == UserAssignment.CLUSTER);
    }

    private KnownSidecars knownSidecars() {
        try {
            return KnownSidecars.builtIn().with(thirdPartySidecars().orElse(Set.of()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("pillion.third-party-sidecars: " + e.getMessage(), e);
        }
    }
}
