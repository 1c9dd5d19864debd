package dev.pillion.injection.settings;

import dev.pillion.pod.Container;
import dev.pillion.pod.ImageMirrors;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The third-party sidecars and init containers that other injectors add. They do not count as the app.
 *
 * <p>An entry of the list is {@code NAME}, which identifies a container by its name; {@code NAME=IMAGE}, which also names a repository that
 * its image comes from; or {@code -NAME}, which removes a name. A name that ends with {@code *} is a prefix. A name that only occurs with
 * images, such as {@code wait=quay.io/argoproj/argoexec}, is too common to identify a container alone: its image must have the last part
 * of one of the repositories ({@code argoexec}), in any registry.
 *
 * <p>The authors of Pods choose the names. Where a policy enforces a profile, a container is therefore identified only if its image comes
 * from one of the repositories that the list has for the name, in full: see {@link #verify}.
 */
public final class KnownSidecars {

    private static final Pattern ENTRY = Pattern.compile("(-?)([a-z0-9](?:[-a-z0-9]{0,62})\\*?)(?:=([^\\s=]+))?");

    private static final KnownSidecars BUILT_IN = new KnownSidecars(Map.of(), Set.of())
            .with(BuiltInSidecars.LIST.lines().toList());

    private final Map<String, Sidecar> byName = new HashMap<>();
    private final Map<String, Sidecar> byPrefix = new TreeMap<>();
    private final Set<String> verified;

    /**
     * The images of a name.
     *
     * @param repositories of the images
     * @param byNameAlone whether a container with the name is identified with any image
     */
    private record Sidecar(Set<String> repositories, boolean byNameAlone) {

        Sidecar plus(Optional<String> repository) {
            Set<String> all = new HashSet<>(repositories);
            repository.ifPresent(all::add);
            return new Sidecar(all, byNameAlone || repository.isEmpty());
        }
    }

    private KnownSidecars(Map<String, Sidecar> sidecars, Set<String> verified) {
        sidecars.forEach((name, sidecar) -> {
            if (name.endsWith("*")) {
                byPrefix.put(name.substring(0, name.length() - 1), sidecar);
            } else {
                byName.put(name, sidecar);
            }
        });
        this.verified = Set.copyOf(verified);
    }

    /** The built-in list. {@code docs/sidecars.md} shows it. */
    public static KnownSidecars builtIn() {
        return BUILT_IN;
    }

    /**
     * The list with entries added or removed.
     *
     * @throws IllegalArgumentException if an entry is invalid, with a sentence for the operator
     */
    public KnownSidecars with(Collection<String> entries) {
        Map<String, Sidecar> sidecars = new HashMap<>(byName);
        byPrefix.forEach((prefix, sidecar) -> sidecars.put(prefix + "*", sidecar));
        for (String entry : entries) {
            Matcher parts = ENTRY.matcher(entry.strip());
            if (!parts.matches() || (!parts.group(1).isEmpty() && parts.group(3) != null)) {
                throw new IllegalArgumentException("'" + entry
                        + "' must be NAME, NAME=IMAGE or -NAME, such as istio-proxy=docker.io/istio/proxyv2");
            }
            String name = parts.group(2);
            if (parts.group(1).isEmpty()) {
                Sidecar known = sidecars.getOrDefault(name, new Sidecar(Set.of(), false));
                sidecars.put(
                        name, known.plus(Optional.ofNullable(parts.group(3)).map(KnownSidecars::repository)));
            } else {
                sidecars.remove(name);
            }
        }
        return new KnownSidecars(sidecars, verified);
    }

    /** The list with containers of these names, which are companions that were compared with their profiles. */
    public KnownSidecars withVerified(Set<String> names) {
        Map<String, Sidecar> sidecars = new HashMap<>(byName);
        byPrefix.forEach((prefix, sidecar) -> sidecars.put(prefix + "*", sidecar));
        return new KnownSidecars(sidecars, names);
    }

    /** Whether a container is a third-party sidecar, by its name and, for a common name, by its image. */
    public boolean contains(Container container) {
        if (verified.contains(container.name())) {
            return true;
        }
        @Nullable Sidecar sidecar = named(container.name());
        if (sidecar == null || sidecar.byNameAlone()) {
            return sidecar != null;
        }
        String last = lastPart(repository(image(container)));
        for (String repository : sidecar.repositories()) {
            if (lastPart(repository).equals(last)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a container is a third-party sidecar by its name and by the whole repository of its image, which may be mirrored. */
    public boolean verify(Container container, ImageMirrors images) {
        if (verified.contains(container.name())) {
            return true;
        }
        @Nullable Sidecar sidecar = named(container.name());
        if (sidecar == null) {
            return false;
        }
        String actual = repository(image(container));
        for (String repository : sidecar.repositories()) {
            if (images.same(repository, actual)) {
                return true;
            }
        }
        return false;
    }

    /** The entry by which a container would be identified where a policy enforces a profile. */
    public static String entryFor(Container container) {
        return container.name() + "=" + repository(image(container));
    }

    /** All names with their repositories, in order. A name that is identified with any image is also listed without a repository. */
    public Set<String> entries() {
        Set<String> entries = new java.util.TreeSet<>();
        addEntries(byName, "", entries);
        addEntries(byPrefix, "*", entries);
        return entries;
    }

    private static void addEntries(Map<String, Sidecar> sidecars, String suffix, Set<String> entries) {
        sidecars.forEach((name, sidecar) -> {
            if (sidecar.byNameAlone()) {
                entries.add(name + suffix);
            }
            sidecar.repositories().forEach(repository -> entries.add(name + suffix + "=" + repository));
        });
    }

    private @Nullable Sidecar named(String name) {
        @Nullable Sidecar exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, Sidecar> prefix : byPrefix.entrySet()) {
            if (name.startsWith(prefix.getKey())) {
                return prefix.getValue();
            }
        }
        return null;
    }

    private static String image(Container container) {
        return container.tree().path("image").asText();
    }

    /** The reference of an image without its tag and digest. */
    private static String repository(String image) {
        int digest = image.indexOf('@');
        String tagged = digest < 0 ? image : image.substring(0, digest);
        int tag = tagged.lastIndexOf(':');
        return tag > tagged.lastIndexOf('/') ? tagged.substring(0, tag) : tagged;
    }

    private static String lastPart(String repository) {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }
}
