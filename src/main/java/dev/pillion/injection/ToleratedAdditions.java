package dev.pillion.injection;

import java.util.Set;

/**
 * What the operator lets others add to Pods on which a policy enforces a profile. Empty by default.
 *
 * @param env names of environment variables in a companion; {@code MESH_*} is for all that begin with {@code MESH_}
 * @param mounts directories that may be mounted in a companion
 * @param resources names of resources, as {@code ephemeral-storage}, of which a companion may get any request and limit
 * @param podFields fields of the Pod's spec, as {@code hostAliases}, that may change what companions run
 */
public record ToleratedAdditions(Set<String> env, Set<String> mounts, Set<String> resources, Set<String> podFields) {

    public static final ToleratedAdditions NONE = new ToleratedAdditions(Set.of(), Set.of(), Set.of(), Set.of());

    public ToleratedAdditions {
        env = Set.copyOf(env);
        mounts = Set.copyOf(mounts);
        resources = Set.copyOf(resources);
        podFields = Set.copyOf(podFields);
    }

    boolean toleratesVariable(String name) {
        return env.contains(name)
                || env.stream()
                        .anyMatch(each -> each.endsWith("*") && name.startsWith(each.substring(0, each.length() - 1)));
    }
}
