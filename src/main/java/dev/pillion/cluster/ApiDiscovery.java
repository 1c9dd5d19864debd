package dev.pillion.cluster;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds types of resources by the names that kubectl accepts, also those of custom resource definitions. Each group is read once, when it is needed.
 * Not thread-safe.
 */
public final class ApiDiscovery {

    private static final String CORE = "v1";

    private final ApiPaths api;
    private final Map<String, List<APIResource>> resources = new HashMap<>();
    private final SequencedSet<String> unreadable = new LinkedHashSet<>();

    public ApiDiscovery(ClusterReader reader) {
        this.api = reader.api();
    }

    /** The result of a search by name. */
    public sealed interface Found {

        /** @param type is namespaced, and its objects can be read and listed */
        record Usable(ApiResource type) implements Found {}

        /** @param problem a sentence */
        record Unusable(String problem) implements Found {}

        /**
         * @param names all names, with their groups if the name has a group, for a suggestion
         * @param unreadable versions of groups that could not be read, for example because an aggregated API server does not respond
         */
        record Unknown(List<String> names, List<String> unreadable) implements Found {}
    }

    /**
     * The type with this plural, singular or short name or kind, in any case. The group, or the version and the group, can follow. If several groups
     * have it, the first one in the order of the API server is taken, as kubectl does.
     */
    public Found named(String name) throws UnreachableClusterException {
        String lower = name.toLowerCase(Locale.ROOT);
        List<String> names = new ArrayList<>();
        for (String version : versions()) {
            for (APIResource resource : resources(version)) {
                if (isNamed(resource, version, lower)) {
                    return found(resource, version);
                }
                names.add(lower.contains(".") ? qualified(resource, version) : resource.getName());
            }
        }
        return new Found.Unknown(names, List.copyOf(unreadable));
    }

    /** The type of objects with this kind, for example of an owner reference; empty if there is none. */
    Optional<ApiResource> ofKind(String apiVersion, String kind) throws UnreachableClusterException {
        for (APIResource resource : resources(apiVersion)) {
            if (resource.getKind().equals(kind)) {
                return Optional.of(new DiscoveredType(apiVersion, kind, resource.getName()));
            }
        }
        return Optional.empty();
    }

    private static Found found(APIResource resource, String version) {
        String name = qualified(resource, version);
        if (!Boolean.TRUE.equals(resource.getNamespaced())) {
            return new Found.Unusable(name + " are not in a namespace, so they are not workloads");
        }
        if (!resource.getVerbs().containsAll(List.of("get", "list"))) {
            return new Found.Unusable(name + " cannot be read: the API server offers only the verbs "
                    + String.join(", ", resource.getVerbs()));
        }
        return new Found.Usable(new DiscoveredType(version, resource.getKind(), resource.getName()));
    }

    private static String qualified(APIResource resource, String version) {
        String group = group(version);
        return group.isEmpty() ? resource.getName() : resource.getName() + "." + group;
    }

    private static boolean isNamed(APIResource resource, String version, String name) {
        String group = group(version);
        List<String> endings = group.isEmpty()
                ? List.of("")
                : List.of("", "." + group, "." + version.substring(group.length() + 1) + "." + group);
        return Stream.concat(
                        Stream.of(resource.getName(), resource.getSingularName(), resource.getKind()),
                        resource.getShortNames().stream())
                .filter(own -> own != null && !own.isEmpty())
                .map(own -> own.toLowerCase(Locale.ROOT))
                .anyMatch(own -> endings.stream().anyMatch(ending -> name.equals(own + ending)));
    }

    private static String group(String version) {
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }

    /** The core version, and all versions of each group, the preferred one first. */
    private List<String> versions() throws UnreachableClusterException {
        SequencedSet<String> versions = new LinkedHashSet<>(List.of(CORE));
        try {
            @Nullable APIGroupList groups = api.client().getApiGroups();
            for (APIGroup group : groups == null ? List.<APIGroup>of() : groups.getGroups()) {
                @Nullable GroupVersionForDiscovery preferred = group.getPreferredVersion();
                if (preferred != null) {
                    versions.add(preferred.getGroupVersion());
                }
                group.getVersions().forEach(version -> versions.add(version.getGroupVersion()));
            }
        } catch (KubernetesClientException e) {
            throw new UnreachableClusterException(api.problem("read", "/apis", e));
        }
        return List.copyOf(versions);
    }

    private List<APIResource> resources(String version) throws UnreachableClusterException {
        List<APIResource> known = resources.get(version);
        if (known != null) {
            return known;
        }
        List<APIResource> read = read(version).stream()
                .filter(resource -> !resource.getName().contains("/"))
                .toList();
        resources.put(version, read);
        return read;
    }

    private List<APIResource> read(String version) throws UnreachableClusterException {
        try {
            @Nullable APIResourceList list = api.client().getApiResources(version);
            return list == null ? List.of() : Objects.requireNonNullElse(list.getResources(), List.of());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return List.of();
            }
            // One group can fail alone, for example while its aggregated API server does not respond.
            if (e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR) {
                unreadable.add(version);
                return List.of();
            }
            throw new UnreachableClusterException(api.problem("read", "the types of " + version, e));
        }
    }
}
