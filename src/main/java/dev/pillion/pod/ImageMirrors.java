package dev.pillion.pod;

import java.util.Set;

/**
 * Compares image references and identifies mirrors of registries.
 *
 * @param mirrors prefixes that another webhook can add to a reference, for example {@code registry.example.com/mirror}
 */
public record ImageMirrors(Set<String> mirrors) {

    private static final String DEFAULT_REGISTRY = "docker.io/";
    private static final String DEFAULT_REPOSITORY = "library/";

    public ImageMirrors {
        mirrors = Set.copyOf(mirrors);
    }

    /** Whether two references are the same image, also by another of its names or from a mirror. */
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

    /** Whether a reference is the latest image. The API server sets {@code imagePullPolicy: Always} for it by default. */
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

    /** The reference with the default registry and repository (distribution/reference, {@code ParseNormalizedNamed}). */
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
