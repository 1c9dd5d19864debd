package dev.pillion.injection.settings;

import dev.pillion.pod.ImageMirrors;
import dev.pillion.pod.SubsetMatcher;
import java.util.Set;

/**
 * The operator's settings for decisions.
 *
 * @param nativeSidecars whether sidecars become init containers with {@code restartPolicy: Always} (KEP-753), or plain containers
 * @param knownSidecars third-party sidecars, which are not the app
 * @param excludedNamespaces namespaces whose Pods are never changed
 * @param imageMirrors registries that another webhook may put before the reference of an image
 * @param tolerated changes of enforced companions that are allowed
 * @param clusterAssignsUsers whether the cluster chooses each container's user, as OpenShift does, so that the built-in profiles fix none
 */
public record InjectionSettings(
        boolean nativeSidecars,
        KnownSidecars knownSidecars,
        Set<String> excludedNamespaces,
        Set<String> imageMirrors,
        ToleratedAdditions tolerated,
        boolean clusterAssignsUsers) {

    public static final Set<String> EXCLUDED_NAMESPACES = Set.of("kube-system", "kube-node-lease");

    public InjectionSettings {
        excludedNamespaces = Set.copyOf(excludedNamespaces);
        imageMirrors = Set.copyOf(imageMirrors);
    }

    public static InjectionSettings defaults() {
        return new InjectionSettings(
                true, KnownSidecars.builtIn(), EXCLUDED_NAMESPACES, Set.of(), ToleratedAdditions.NONE, false);
    }

    public InjectionSettings withNativeSidecars(boolean natively) {
        return new InjectionSettings(
                natively, knownSidecars, excludedNamespaces, imageMirrors, tolerated, clusterAssignsUsers);
    }

    public InjectionSettings withKnownSidecars(KnownSidecars sidecars) {
        return new InjectionSettings(
                nativeSidecars, sidecars, excludedNamespaces, imageMirrors, tolerated, clusterAssignsUsers);
    }

    public InjectionSettings withClusterAssignsUsers(boolean assigns) {
        return new InjectionSettings(
                nativeSidecars, knownSidecars, excludedNamespaces, imageMirrors, tolerated, assigns);
    }

    public ImageMirrors images() {
        return new ImageMirrors(imageMirrors);
    }

    public SubsetMatcher matcher() {
        return new SubsetMatcher(images());
    }
}
