package dev.pillion.pod;

import java.util.Set;

/**
 * Compares references of images, and knows the registries that stand in for others.
 *
 * @param mirrors what another webhook may have put before a reference, as {@code registry.example.com/mirror}
 */
public record ImageMirrors(Set<String> mirrors) {

    private static final String DEFAULT_REGISTRY = "docker.io/";
    private static final String DEFAULT_REPOSITORY = "library/";

    public ImageMirrors {
        mirrors = Set.copyOf(mirrors);
    }

    /** Whether an image is the one that is wanted, by whatever of its names and from whichever mirror. */
    public boolean same(String wanted, String actual) {
        String full = full(wanted);
        if (full.equals(full(actual))) {
            return true;
        }
        String repository = full.substring(full.indexOf('/') + 1);
        String familiar = repository.startsWith(DEFAULT_REPOSITORY)
                ? repository.substring(DEFAULT_REPOSITORY.length())
                : repository;
        return mirrors.stream()
                .anyMatch(mirror -> actual.equals(mirror + "/" + full)
                        || actual.equals(mirror + "/" + repository)
                        || (full.startsWith(DEFAULT_REGISTRY) && actual.equals(mirror + "/" + familiar)));
    }

    /** Whether a reference is of the newest image, which the API server has pulled always where nothing is said. */
    public static boolean isLatest(String reference) {
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        int tag = name.indexOf(':');
        return name.indexOf('@') < 0 && (tag < 0 || name.substring(tag).equals(":latest"));
    }

    /** The last part of a reference's name, without registry, tag and digest. */
    public static String repository(String reference) {
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        return name.split("[:@]", 2)[0];
    }

    /** With the registry and the repository that a container runtime fills in (distribution/reference, {@code ParseNormalizedNamed}). */
    private static String full(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
        if (registry) {
            return reference;
        }
        return DEFAULT_REGISTRY + (slash < 0 ? DEFAULT_REPOSITORY : "") + reference;
    }
}
