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
 * What an operator may configure, as properties under {@code pillion.} or environment variables {@code PILLION_…}.
 *
 * <p>Over 200 lines because it declares every setting once, with its default.
 */
@ConfigMapping(prefix = "pillion")
public interface PillionConfig {

    Profiles profiles();

    /**
     * Whether sidecars become native ones (Kubernetes 1.29 and newer) or plain containers; {@code auto} asks the cluster for its version, and
     * takes them for available where there is none to ask.
     */
    @WithDefault("auto")
    NativeSidecars nativeSidecars();

    /** Whether the built-in profiles or the cluster set the users of companions. OpenShift requires the cluster. */
    @WithDefault("profile")
    UserAssignment userAssignment();

    /** Third-party sidecars beside the built-in list, as {@code NAME}, {@code NAME=IMAGE} or {@code -NAME}; see {@code KnownSidecars}. */
    Optional<Set<String>> thirdPartySidecars();

    /** Namespaces, beside Kubernetes' own, whose Pods are never touched. */
    Optional<Set<String>> excludedNamespaces();

    /** Registries from which other webhooks have images pulled instead, as {@code registry.example.com/mirror}. */
    Optional<Set<String>> imageMirrors();

    ToleratedAdditions toleratedAdditions();

    /** What others may add to Pods on which a policy enforces a profile, without /validate finding fault with it. */
    interface ToleratedAdditions {

        /** Names of variables in companions; a name that ends with {@code *} is a prefix. */
        Optional<Set<String>> env();

        /** Directories mounted in companions. */
        Optional<Set<String>> mounts();

        /** Names of resources of companions, as {@code ephemeral-storage}. */
        Optional<Set<String>> resources();

        /** Fields of companions, as {@code securityContext.runAsUser}, where the profile does not set them. */
        Optional<Set<String>> containerFields();

        /** Whether probes of companions may go through Istio's agent, as Istio rewrites them. */
        @WithDefault("false")
        boolean istioProbes();

        /** Fields of the Pod's spec, as {@code hostAliases}. */
        Optional<Set<String>> podFields();
    }

    /** Pillion's own namespace, whose Pods are never touched either: it must be able to start without itself. */
    @WithName("namespace")
    Optional<String> ownNamespace();

    /** How long the server answers on after it was told to stop, for endpoints to forget it. */
    @WithDefault("0s")
    Duration drainTime();

    /** The Pod that this replica is, by which it is known among the others. */
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

    interface Http {

        /** How many connections to the webhook port may be open at once. */
        @WithDefault("5000")
        int maxConnections();

        /** How many threads answer large reviews; as many as there are processors, and at least two, by default. */
        OptionalInt workers();
    }

    interface Traces {

        /** Whether a span is exported for each review; where to, OpenTelemetry's own variables say. */
        @WithDefault("false")
        boolean enabled();
    }

    interface Audit {

        /** How often the leader looks at all Pods of the cluster for what they lack; 0 for never. */
        @WithDefault("30m")
        Duration period();
    }

    interface Metrics {

        /** Whether reviews are counted for each namespace too. Off by default: each namespace makes many series. */
        @WithDefault("false")
        boolean byNamespace();
    }

    interface Cluster {

        /** Whether namespaces are watched; {@code auto} watches them with a kubeconfig, or as a Pod with a ServiceAccount. */
        @WithDefault("auto")
        Watching watch();

        /** Whether denials and audits are told by Events. */
        @WithDefault("true")
        boolean events();

        /** How often the cluster's version is asked for. */
        @WithDefault("10m")
        Duration versionCheckPeriod();

        /** How the API server is reached; without it as a Pod's ServiceAccount reaches it. */
        Optional<Path> kubeconfig();
    }

    interface Resources {

        /**
         * Whether profiles and policies are taken from the cluster too; {@code auto} does so where namespaces are watched, and takes a
         * cluster that does not define them for one that has none; {@code always} waits until it does.
         */
        @WithDefault("auto")
        Watching watch();
    }

    interface Tls {

        /** The server's certificate chain, PEM; without it a self-signed one is made. */
        Optional<Path> certificate();

        /** Its private key, PEM, not encrypted. */
        Optional<Path> key();

        /** How often the files, or the Secrets and webhook configurations, are looked at for changes. */
        @WithDefault("5s")
        Duration reloadPeriod();

        /** Whether Pillion makes and renews its certificate itself, and keeps {@code caBundle} of its webhooks. */
        @WithDefault("false")
        boolean selfManaged();

        /** The Secret with the certificate that all replicas serve, in Pillion's own namespace. */
        @WithDefault("pillion-certificate")
        String secret();

        /** The Secret with the authorities and their keys, in Pillion's own namespace. */
        @WithDefault("pillion-ca")
        String authoritySecret();

        /** The Service by which the API server reaches Pillion, in Pillion's own namespace. */
        @WithDefault("pillion")
        String service();

        /** DNS names and IP addresses that the certificate is for, in addition to the Service's. */
        Optional<List<String>> subjectAlternativeNames();

        /** The MutatingWebhookConfiguration and the ValidatingWebhookConfiguration whose {@code caBundle} is kept. */
        @WithDefault("pillion")
        String webhookConfigurations();

        /**
         * Whether those two are owned by Pillion's own Namespace, and so are deleted with it. Where certificates are self-managed; an owner
         * that is set already stays.
         */
        @WithDefault("true")
        boolean webhookOwnerReference();

        @WithDefault("90d")
        Duration certificateLifetime();

        /**
         * A year: it is replaced by software and not by hand, so a longer one would only mean a key that is worth more and a rotation
         * that nobody has seen work.
         */
        @WithDefault("365d")
        Duration authorityLifetime();

        /** For how long a new authority is trusted before it signs. */
        @WithDefault("1h")
        Duration overlap();
    }

    /** Who may send reviews. Without an authority and ServiceAccounts, everyone who reaches the port. */
    interface Clients {

        /** The authorities that sign API servers' client certificates, one or more in a PEM file; read again when it changes. */
        Optional<Path> certificateAuthority();

        /** Common names (CN) of the certificates that are accepted; without names and groups, every certificate of the authorities is. */
        Optional<Set<String>> names();

        /** Organizations (O) of the certificates that are accepted, beside those with one of the names. */
        Optional<Set<String>> groups();

        /** ServiceAccounts, as {@code NAMESPACE/NAME}, whose tokens are accepted as well. */
        Optional<Set<String>> serviceAccounts();

        /** The audience of these tokens, which must not be the API server's own. */
        @WithDefault("pillion")
        String tokenAudience();
    }

    interface Profiles {

        /** Where profiles are read from, beside those that are built in. */
        Optional<Path> directory();

        /** How often the directory is looked at for changes. */
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
