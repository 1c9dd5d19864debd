package dev.pillion.injection.settings;

import java.util.Set;

/**
 * What the operator lets others change in Pods on which a policy enforces a profile. Empty by default.
 *
 * @param env names of environment variables in a companion; {@code MESH_*} is for all that begin with {@code MESH_}
 * @param mounts directories that may be mounted in a companion
 * @param resources names of resources, as {@code ephemeral-storage}, of which a companion may get any request and limit
 * @param containerFields fields of a companion, as {@code securityContext.runAsUser}, that may be set where the profile does not set them
 * @param podFields fields of the Pod's spec, as {@code hostAliases}, that may change what companions run
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
