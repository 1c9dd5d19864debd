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
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What one profile adds to one Pod, rendered.
 *
 * @param targets the app's containers that the profile adds to; the first one is the app
 * @param app what the app's containers get, by field
 * @param pod what the Pod's metadata and spec get, by field
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

    /** Counts what is added to the app's containers and to the Pod; the companions and volumes were counted as they were rendered. */
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
     * A profile that is requested and exists.
     *
     * @param priority the policy's; 0 for an annotation
     * @param enforced whether a policy enforces the profile, so that the Pod may not change what its companions run
     */
    public record Chosen(Profile profile, RequestSource requestedBy, int priority, boolean enforced) {

        public ProfileRequest request() {
            return new ProfileRequest(profile.name(), requestedBy);
        }
    }

    /**
     * A container with its place.
     *
     * @param element which of the elements that the container is repeated for, and 0 where it is not
     * @param index of the template in its profile
     * @param order where it stands among the init containers
     */
    public record Companion(
            Chosen chosen, ContainerTemplate template, int element, int index, int order, ObjectNode tree) {

        /** The order in which init containers start: as their profiles say, then by their policies' priority, then by name. */
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

        /** Adds a mount, unless the profile itself has one at the same place. */
        public void mount(ObjectNode mount) {
            JsonNode mounts =
                    tree.path("volumeMounts").isArray() ? tree.path("volumeMounts") : tree.putArray("volumeMounts");
            for (JsonNode present : mounts) {
                if (directory(present).equals(directory(mount))) {
                    if (!mount.has("readOnly") && present.path("name").equals(mount.path("name"))) {
                        ((ObjectNode) present).remove("readOnly");
                    }
                    return;
                }
            }
            ((com.fasterxml.jackson.databind.node.ArrayNode) mounts).add(mount);
        }
    }

    private static String directory(JsonNode mount) {
        return VolumeMount.directory(mount.path("mountPath").asText());
    }

    /**
     * A directory that the app shares with some of the companions.
     *
     * @param targets the app's containers that share it
     */
    public record Share(
            Chosen chosen,
            List<Container> targets,
            String path,
            String volume,
            List<Companion> readers,
            List<Companion> writers,
            JsonNode emptyDir) {

        public List<Companion> companions() {
            List<Companion> all = new ArrayList<>(writers);
            readers.stream().filter(reader -> !writes(reader)).forEach(all::add);
            return all;
        }

        /** By identity: two companions that are equal would have to be compared field by field. */
        public boolean writes(Companion companion) {
            for (Companion writer : writers) {
                if (writer == companion) {
                    return true;
                }
            }
            return false;
        }
    }
}
