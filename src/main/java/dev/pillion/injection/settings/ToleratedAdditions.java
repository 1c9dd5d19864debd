package dev.pillion.injection.settings;

import java.util.Set;

/**
 * Changes that the operator allows others to make in Pods for which a policy enforces a profile. Empty by default.
 *
 * @param env names of environment variables in a companion; {@code MESH_*} means all that start with {@code MESH_}
 * @param mounts directories at which a companion may have other mounts
 * @param resources names of resources, such as {@code ephemeral-storage}, for which a companion may have any request and limit
 * @param containerFields fields of a companion, such as {@code securityContext.runAsUser}, that may be set where the profile does not set them
 * @param podFields fields of the Pod's spec, such as {@code hostAliases}, that may change what companions run
 * @param istioProbes whether probes of companions may go through Istio's agent
 */
public record ToleratedAdditions(
        Set<String> env,
        Set<String> mounts,
        Set<String> resources,
        Set<String> containerFields,
        Set<String> podFields,
        boolean istioProbes) {

    public static final ToleratedAdditions NONE =
            new ToleratedAdditions(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), false);

    public ToleratedAdditions {
        env = Set.copyOf(env);
        mounts = Set.copyOf(mounts);
        resources = Set.copyOf(resources);
        containerFields = Set.copyOf(containerFields);
        podFields = Set.copyOf(podFields);
    }

    public boolean toleratesVariable(String name) {
        return env.contains(name)
                || env.stream()
                        .anyMatch(each -> each.endsWith("*") && name.startsWith(each.substring(0, each.length() - 1)));
    }
}
