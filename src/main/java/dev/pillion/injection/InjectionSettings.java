package dev.pillion.injection;

import java.util.HashSet;
import java.util.Set;

/**
 * What of a decision is up to the cluster and its operator.
 *
 * @param nativeSidecars whether sidecars become init containers with {@code restartPolicy: Always} (KEP-753), or plain containers
 * @param foreignSidecars names of containers that other injectors add, which are never taken for the app's own
 * @param excludedNamespaces namespaces whose Pods are never touched
 * @param imageMirrors what another webhook may put before the reference of an image
 * @param tolerated what others may add to a companion that a policy enforces
 */
public record InjectionSettings(
        boolean nativeSidecars,
        Set<String> foreignSidecars,
        Set<String> excludedNamespaces,
        Set<String> imageMirrors,
        ToleratedAdditions tolerated) {

    public static final Set<String> FOREIGN_SIDECARS = Set.of(
            "consul-dataplane",
            "daprd",
            "istio-init",
            "istio-proxy",
            "istio-validation",
            "kuma-init",
            "kuma-sidecar",
            "linkerd-init",
            "linkerd-network-validator",
            "linkerd-proxy",
            "vault-agent",
            "vault-agent-init");

    public static final Set<String> EXCLUDED_NAMESPACES = Set.of("kube-system", "kube-node-lease");

    public InjectionSettings {
        foreignSidecars = Set.copyOf(foreignSidecars);
        excludedNamespaces = Set.copyOf(excludedNamespaces);
        imageMirrors = Set.copyOf(imageMirrors);
    }

    public static InjectionSettings defaults() {
        return new InjectionSettings(true, FOREIGN_SIDECARS, EXCLUDED_NAMESPACES, Set.of(), ToleratedAdditions.NONE);
    }

    public InjectionSettings withNativeSidecars(boolean natively) {
        return new InjectionSettings(natively, foreignSidecars, excludedNamespaces, imageMirrors, tolerated);
    }

    public InjectionSettings withImageMirrors(Set<String> mirrors) {
        return new InjectionSettings(nativeSidecars, foreignSidecars, excludedNamespaces, mirrors, tolerated);
    }

    /** With more containers that are not the app's own. */
    InjectionSettings withForeignSidecars(Set<String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Set<String> all = new HashSet<>(foreignSidecars);
        all.addAll(more);
        return new InjectionSettings(nativeSidecars, all, excludedNamespaces, imageMirrors, tolerated);
    }

    public InjectionSettings withTolerated(ToleratedAdditions additions) {
        return new InjectionSettings(nativeSidecars, foreignSidecars, excludedNamespaces, imageMirrors, additions);
    }

    Images images() {
        return new Images(imageMirrors);
    }

    Presence presence() {
        return new Presence(images());
    }
}
