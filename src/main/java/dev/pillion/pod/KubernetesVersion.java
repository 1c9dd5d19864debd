package dev.pillion.pod;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Kubernetes.
 *
 * @param minor the second number; the first has been 1 since 2015
 */
public record KubernetesVersion(int minor) {

    /** KEP-753: the feature gate SidecarContainers is on by default since 1.29. */
    private static final int NATIVE_SIDECARS = 29;

    /** The forms of users and of API servers: {@code 1.34}, {@code v1.34.2}, {@code v1.33.5-gke.100}, {@code 1.30+}. */
    private static final Pattern FORM = Pattern.compile("v?1\\.([0-9]{1,3})([.+-].*)?");

    /** Reads a version; empty if the text is none. */
    public static Optional<KubernetesVersion> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new KubernetesVersion(Integer.parseInt(parts.group(1))))
                : Optional.empty();
    }

    /** Whether the cluster supports native sidecars, unless an administrator has disabled them. */
    public boolean hasNativeSidecars() {
        return minor >= NATIVE_SIDECARS;
    }

    @Override
    public String toString() {
        return "1." + minor;
    }
}
