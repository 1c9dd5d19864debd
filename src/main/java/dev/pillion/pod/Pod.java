package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The fields of a Pod that Pillion reads.
 *
 * @param name its name, or {@code generateName} if it has no name yet; empty if it has neither
 * @param owner its workload, or the Pod itself if it has none
 * @param volumes each volume by its name
 * @param tree the Pod as JSON
 */
public record Pod(
        String name,
        Owner owner,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Container> initContainers,
        List<Container> containers,
        Set<String> ephemeralContainers,
        Map<String, JsonNode> volumes,
        JsonNode tree) {

    /**
     * Reads a Pod or a Pod template.
     *
     * @throws MalformedPodException if a field that Pillion reads is not valid
     */
    public static Pod of(JsonNode tree) throws MalformedPodException {
        Shape pod = Shape.of(tree, "");
        Shape metadata = pod.child("metadata");
        Shape spec = pod.child("spec");
        if (spec.node().isMissingNode()) {
            throw new MalformedPodException("spec", "is missing; a Pod has one");
        }
        String name = metadata.text("name");
        Map<String, JsonNode> volumes = new LinkedHashMap<>();
        for (Shape volume : spec.list("volumes")) {
            volumes.put(volume.text("name"), volume.node());
        }
        Set<String> ephemeral = new HashSet<>();
        for (Shape container : spec.list("ephemeralContainers")) {
            ephemeral.add(container.text("name"));
        }
        String known = name.isEmpty() ? metadata.text("generateName") : name;
        return new Pod(
                known,
                Owner.of(tree.path("metadata"), known),
                metadata.child("labels").texts(),
                metadata.child("annotations").texts(),
                containers(spec, ContainerList.INIT_CONTAINERS),
                containers(spec, ContainerList.CONTAINERS),
                ephemeral,
                volumes,
                tree);
    }

    /** All init and regular containers, in the order in which the kubelet starts them. */
    public Stream<Container> allContainers() {
        return Stream.concat(initContainers.stream(), containers.stream());
    }

    public Optional<Container> container(String name) {
        Optional<Container> found = in(initContainers, name);
        return found.isPresent() ? found : in(containers, name);
    }

    /** All init and regular containers by name, for many lookups. The first one with a name counts, as in {@link #container}. */
    public Map<String, Container> containersByName() {
        Map<String, Container> byName = new LinkedHashMap<>();
        allContainers().forEach(container -> byName.putIfAbsent(container.name(), container));
        return byName;
    }

    private static Optional<Container> in(List<Container> list, String name) {
        for (Container container : list) {
            if (container.name().equals(name)) {
                return Optional.of(container);
            }
        }
        return Optional.empty();
    }

    public List<Container> list(ContainerList list) {
        return switch (list) {
            case INIT_CONTAINERS -> initContainers;
            case CONTAINERS -> containers;
        };
    }

    /** The operating system of the nodes on which the Pod runs. */
    public NodePlatform platform() {
        return NodePlatform.of(tree);
    }

    /** The number of characters that the API server appends to {@code generateName} (k8s.io/apiserver, {@code names.SimpleNameGenerator}). */
    private static final int GENERATED = 5;

    /**
     * The Pod without the fields that the API server adds to its metadata between the mutating and the validating webhooks, so that both see the
     * same Pod: its uid, its times, and a name that is generated from {@code generateName}.
     */
    public Pod asSubmitted() {
        if (!(tree.path("metadata") instanceof ObjectNode metadata)) {
            return this;
        }
        ObjectNode submitted = metadata.objectNode().setAll(metadata);
        submitted.remove(List.of("uid", "creationTimestamp", "generation", "managedFields"));
        boolean generated = hasGeneratedName(metadata);
        if (generated) {
            submitted.remove("name");
        }
        String known = generated ? metadata.path("generateName").asText() : name;
        ObjectNode copy = submitted.objectNode().setAll((ObjectNode) tree);
        copy.set("metadata", submitted);
        copy.remove("status");
        return new Pod(
                known,
                Owner.of(submitted, known),
                labels,
                annotations,
                initContainers,
                containers,
                ephemeralContainers,
                volumes,
                copy);
    }

    /** Whether the API server generated the name in these metadata of a Pod. */
    public static boolean hasGeneratedName(JsonNode metadata) {
        String prefix = metadata.path("generateName").asText();
        String name = metadata.path("name").asText();
        return !prefix.isEmpty() && name.startsWith(prefix) && name.length() == prefix.length() + GENERATED;
    }

    /** Other volumes together with those of claim templates, which are not in the tree of the Pod. */
    public Map<String, JsonNode> withClaims(Map<String, JsonNode> others) {
        Map<String, JsonNode> all = new LinkedHashMap<>(others);
        Map<String, JsonNode> own = new LinkedHashMap<>();
        tree.path("spec")
                .path("volumes")
                .forEach(volume -> own.put(volume.path("name").asText(), volume));
        volumes.forEach((name, volume) -> {
            if (own.get(name) != volume) {
                all.put(name, volume);
            }
        });
        return all;
    }

    /** The tree of the Pod that will be created: with the volumes of claim templates, which a Pod template does not contain. */
    public JsonNode asCreated() {
        JsonNode own = tree.path("spec").path("volumes");
        boolean complete = own.size() == volumes.size();
        for (JsonNode volume : own) {
            complete = complete && volumes.get(volume.path("name").asText()) == volume;
        }
        if (complete || !(tree.path("spec") instanceof ObjectNode spec)) {
            return tree;
        }
        ObjectNode created = spec.objectNode().setAll(spec);
        created.set("volumes", spec.arrayNode().addAll(volumes.values()));
        ObjectNode copy = created.objectNode().setAll((ObjectNode) tree);
        copy.set("spec", created);
        return copy;
    }

    private static List<Container> containers(Shape spec, ContainerList list) throws MalformedPodException {
        List<Container> containers = new ArrayList<>();
        for (Shape container : spec.list(list.field())) {
            containers.add(container(list, containers.size(), container));
        }
        return containers;
    }

    private static Container container(ContainerList list, int index, Shape container) throws MalformedPodException {
        Set<String> environment = new HashSet<>();
        for (Shape variable : container.list("env")) {
            environment.add(variable.text("name"));
        }
        List<VolumeMount> mounts = new ArrayList<>();
        for (Shape mount : container.list("volumeMounts")) {
            mounts.add(new VolumeMount(mount.text("name"), mount.text("mountPath"), mount.node()));
        }
        return new Container(list, index, container.text("name"), environment, mounts, container.node());
    }

    /** A field of the Pod's spec; missing if the Pod does not set it. */
    public JsonNode spec(String field) {
        JsonNode value = tree.path("spec").path(field);
        return value.isNull() ? MissingNode.getInstance() : value;
    }
}
