package dev.pillion.injection.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Injector;
import dev.pillion.injection.apply.AddedParts;
import dev.pillion.injection.audit.AuditFinding.Kind;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.uninject.Uninjection.Change;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images and resources of companions that make a live Pod the same as one that is created now, if nothing else differs. The API server lets
 * them change in a live Pod (ValidatePodUpdate, ValidatePodResize). For another image, the kubelet restarts only this container.
 *
 * @param images of sidecars; init containers have ended, so another image would have no effect. Empty together with {@code resizes} if only the
 *     status differs, because the change of a profile has no effect on the Pod
 * @param resizes of sidecars, also those that are requested and perhaps not applied yet
 * @param status the annotation of the Pod with the new images and resources
 */
public record InPlaceUpdate(List<Image> images, List<Resize> resizes, String status) {

    private static final String IMAGE = "image";
    static final String RESOURCES = "resources";

    private static final Set<Kind> CHANGED = Set.of(Kind.MISSING, Kind.OUTDATED, Kind.DENIED);

    /** The image of a container, and the image that it needs. */
    public record Image(ContainerList list, String container, String present, String needed) {}

    public InPlaceUpdate {
        images = List.copyOf(images);
        resizes = List.copyOf(resizes);
    }

    /** The resources that the Pod's spec does not have yet. */
    public List<Resize> missingResizes() {
        return resizes.stream().filter(resize -> !resize.isRequested()).toList();
    }

    /** Whether the Pod's spec has the new resources, so that the kubelet applies them. */
    public boolean isResizing() {
        return !resizes.isEmpty() && missingResizes().isEmpty();
    }

    /** The update of an outdated Pod; empty if more is necessary, or if someone else has changed these fields of a companion. */
    public static Optional<InPlaceUpdate> of(Pod pod, Namespace namespace, Injector injector, Catalog catalog) {
        if (!(injector.decide(pod.asSubmitted(), namespace, catalog) instanceof Injected injected)
                || injected.plan().changedRequest().isEmpty()) {
            return Optional.empty();
        }
        Pod replaced = read(injected.patch().applyTo(pod.tree()));
        Status earlier = Status.of(pod);
        Status now = Status.of(replaced);
        Optional<List<Image>> images = images(pod, replaced);
        Optional<List<Resize>> resizes = images.flatMap(_ -> Resize.between(pod, earlier, replaced, now));
        return resizes.map(some -> new InPlaceUpdate(images.orElseThrow(), some, now.toJson()))
                .filter(update -> !update.isChangedByOthers(pod, catalog))
                .filter(update -> update.isOnlyDifference(earlier, now))
                .filter(update -> isLike(replaced, update.applyTo(pod), namespace, injector, catalog));
    }

    /** The images that differ; empty if the containers differ, or the image of one that is no sidecar. */
    private static Optional<List<Image>> images(Pod pod, Pod replaced) {
        Status now = Status.of(replaced);
        List<Image> images = new ArrayList<>();
        for (ContainerList list : ContainerList.values()) {
            List<Container> present = pod.list(list);
            List<Container> needed = replaced.list(list);
            if (!names(present).equals(names(needed))) {
                return Optional.empty();
            }
            for (int index = 0; index < present.size(); index++) {
                Container container = present.get(index);
                String image = image(needed.get(index));
                if (!image(container).equals(image)) {
                    boolean isSidecar = list == ContainerList.CONTAINERS || container.nativeSidecar();
                    if (!isSidecar || !now.list(list).contains(container.name())) {
                        return Optional.empty();
                    }
                    images.add(new Image(list, container.name(), image(container), image));
                }
            }
        }
        return Optional.of(images);
    }

    private static List<String> names(List<Container> containers) {
        return containers.stream().map(Container::name).toList();
    }

    private static String image(Container container) {
        return container.tree().path(IMAGE).asText();
    }

    static Optional<String> hash(Status status, String owner, String part) {
        return Optional.ofNullable(status.hashes().getOrDefault(owner, Map.of()).get(part));
    }

    /** Another webhook that changes images, for example to those of a mirror, may do so only while a Pod is created. */
    private boolean isChangedByOthers(Pod pod, Catalog catalog) {
        List<Change> changes = Uninjector.uninject(pod, catalog).changes();
        return images.stream()
                        .anyMatch(image -> changes.contains(
                                new Change(AddedParts.container(image.list(), image.container()), IMAGE)))
                || missingResizes().stream()
                        .anyMatch(resize -> changes.contains(
                                new Change(AddedParts.container(resize.list(), resize.container()), RESOURCES)));
    }

    /** The hashes of both statuses show whether other parts of the additions differ. */
    private boolean isOnlyDifference(Status earlier, Status now) {
        StatusBuilder expected = StatusBuilder.of(earlier);
        expected.profiles.clear();
        expected.profiles.putAll(now.profiles());
        images.forEach(
                image -> replaceHash(expected, AddedParts.container(image.list(), image.container()), IMAGE, now));
        resizes.forEach(resize ->
                replaceHash(expected, AddedParts.container(resize.list(), resize.container()), RESOURCES, now));
        return expected.manifest(now.manifest()).build().equals(now);
    }

    private static void replaceHash(StatusBuilder expected, String owner, String part, Status now) {
        Map<String, String> hashes = new LinkedHashMap<>(expected.hashes.getOrDefault(owner, Map.of()));
        hashes.remove(part);
        hash(now, owner, part).ifPresent(hash -> hashes.put(part, hash));
        expected.hashes.put(owner, hashes);
    }

    /** Whether the Pod is up to date and complies with the policies as a new one. A new one also violates requirements that cannot be met. */
    private static boolean isLike(Pod replaced, Pod pod, Namespace namespace, Injector injector, Catalog catalog) {
        return Audit.findings(pod, namespace, injector, catalog, Audit.Detail.CAUSE).stream()
                        .noneMatch(finding -> CHANGED.contains(finding.kind()))
                && injector.violations(replaced, namespace, catalog)
                        .containsAll(injector.violations(pod, namespace, catalog));
    }

    /** The Pod with the new images, the new resources and the new status. */
    private Pod applyTo(Pod pod) {
        ObjectNode tree = pod.tree().deepCopy();
        images.forEach(image -> container(tree, image.list(), image.container()).put(IMAGE, image.needed()));
        resizes.forEach(
                resize -> container(tree, resize.list(), resize.container()).set(RESOURCES, resize.needed()));
        tree.withObject("/metadata/annotations").put(Annotations.STATUS, status);
        return read(tree);
    }

    private static ObjectNode container(ObjectNode pod, ContainerList list, String name) {
        return pod.path("spec")
                .path(list.field())
                .valueStream()
                .filter(container -> container.path("name").asText().equals(name))
                .map(ObjectNode.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Pod read(JsonNode tree) {
        try {
            return Pod.of(tree);
        } catch (MalformedPodException e) {
            throw new IllegalStateException("the Pod cannot be read after its injection: " + e.getMessage(), e);
        }
    }
}
