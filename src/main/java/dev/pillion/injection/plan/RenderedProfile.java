package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Profile;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The additions of one profile to one Pod.
 *
 * @param targets the app's containers that get mounts and variables; the first one is the app
 * @param app additions to the app's containers, by field
 * @param pod additions to the Pod's metadata and spec, by field
 * @param files the content of the companions' files, by annotation
 */
public record RenderedProfile(
        Chosen chosen,
        List<Container> targets,
        Map<String, ParameterValue> parameters,
        List<Companion> companions,
        List<JsonNode> volumes,
        List<Share> shares,
        Map<String, JsonNode> app,
        Map<String, JsonNode> pod,
        Map<String, String> files) {

    public Profile profile() {
        return chosen.profile();
    }

    /** The same profile with other companions. */
    public RenderedProfile with(List<Companion> changed) {
        return new RenderedProfile(chosen, targets, parameters, changed, volumes, shares, app, pod, files);
    }

    /** Counts the additions to the app's containers and to the Pod. Companions and volumes are counted when they are rendered. */
    public void spend(ResultBudget budget, Pod pod) throws DeniedException {
        ProfileRequest request = chosen.request();
        int count = targets.size();
        budget.addVariables(app.getOrDefault("env", MissingNode.getInstance()), count, request);
        budget.addList(app.getOrDefault("envFrom", MissingNode.getInstance()), count, request);
        budget.addMounts(app.getOrDefault("volumeMounts", MissingNode.getInstance()), count, request);
        budget.addMounts(shares.size(), count + companions.size(), request);
        for (Map.Entry<String, JsonNode> field : this.pod.entrySet()) {
            // Requirements are added to each of the Pod's terms.
            int times = field.getKey().equals("affinity") ? Math.max(1, PodSpecPlace.nodeSelectorTerms(pod)) : 1;
            budget.addList(field.getValue(), times, request);
        }
    }

    /**
     * A requested profile that exists.
     *
     * @param priority of the policy; 0 for an annotation
     * @param enforced whether a policy enforces the profile, so that the Pod cannot change what its companions run
     */
    public record Chosen(Profile profile, RequestSource requestedBy, int priority, boolean enforced) {

        public ProfileRequest request() {
            return new ProfileRequest(profile.name(), requestedBy);
        }
    }

    /**
     * A container that a profile adds.
     *
     * @param element the index of the element that the container is repeated for; 0 if it is not repeated
     * @param index of the template in its profile
     * @param order its position among the init containers
     * @param tree the container; never changed
     */
    public record Companion(
            Chosen chosen, ContainerTemplate template, int element, int index, int order, ObjectNode tree) {

        /** The order in which init containers start: by the order in their profiles, then by the priority of the policy, then by name. */
        public static final Comparator<Companion> ORDER = Comparator.<Companion>comparingInt(Companion::order)
                .thenComparing(Comparator.<Companion>comparingInt(
                                companion -> companion.chosen().priority())
                        .reversed())
                .thenComparing(
                        companion -> InstanceName.profileOf(companion.profile().name()))
                .thenComparing(companion -> companion.profile().instance().orElse(""))
                .thenComparingInt(Companion::element)
                .thenComparingInt(Companion::index);

        public Profile profile() {
            return chosen.profile();
        }

        public String name() {
            return tree.path("name").asText();
        }

        public ContainerList list(boolean nativeSidecars) {
            return !template.isSidecar() || nativeSidecars ? ContainerList.INIT_CONTAINERS : ContainerList.CONTAINERS;
        }

        /** The same companion with another tree. */
        public Companion with(ObjectNode changed) {
            return new Companion(chosen, template, element, index, order, changed);
        }
    }

    /**
     * A directory that the app shares with companions of the profile.
     *
     * @param targets the app's containers that share it
     * @param readers names of containers in the profile
     * @param writers names of containers in the profile
     */
    public record Share(
            Chosen chosen,
            List<Container> targets,
            String path,
            String volume,
            Set<String> readers,
            Set<String> writers,
            JsonNode emptyDir) {

        public boolean isReadBy(Companion companion) {
            return readers.contains(companion.template().name());
        }

        public boolean isWrittenBy(Companion companion) {
            return writers.contains(companion.template().name());
        }
    }
}
