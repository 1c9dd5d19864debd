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
 * The images of companions that make a live Pod the same as one that is created now, if nothing else differs. The API server lets a container's
 * image change in a live Pod (ValidatePodUpdate), and the kubelet then restarts only this container.
 *
 * @param images of sidecars; init containers have ended, so another image would have no effect. Empty if only the status differs, because the
 *     change of a profile has no effect on the Pod
 * @param status the annotation of the Pod with the new images
 */
public record ImageUpdate(List<Image> images, String status) {

    private static final Set<Kind> CHANGED = Set.of(Kind.MISSING, Kind.OUTDATED, Kind.DENIED);

    /** The image of a container, and the image that it needs. */
    public record Image(ContainerList list, String container, String present, String needed) {}

    public ImageUpdate {
        images = List.copyOf(images);
    }

    /** The update of an outdated Pod; empty if new images are not enough, or if someone else has changed the image of a companion. */
    public static Optional<ImageUpdate> of(Pod pod, Namespace namespace, Injector injector, Catalog catalog) {
        if (!(injector.decide(pod.asSubmitted(), namespace, catalog) instanceof Injected injected)
                || injected.plan().changedRequest().isEmpty()) {
            return Optional.empty();
        }
        Pod replaced = read(injected.patch().applyTo(pod.tree()));
        return images(pod, replaced)
                .filter(images -> !isChangedByOthers(images, pod, catalog))
                .filter(images -> isOnlyDifference(images, Status.of(pod), Status.of(replaced)))
                .map(images -> new ImageUpdate(images, Status.of(replaced).toJson()))
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
        return container.tree().path("image").asText();
    }

    /** Another webhook that changes images, for example to those of a mirror, may do so only while a Pod is created. */
    private static boolean isChangedByOthers(List<Image> images, Pod pod, Catalog catalog) {
        List<Change> changes = Uninjector.uninject(pod, catalog).changes();
        return images.stream().anyMatch(image -> changes.contains(new Change(owner(image), "image")));
    }

    private static String owner(Image image) {
        return AddedParts.container(image.list(), image.container());
    }

    /** The hashes of both statuses show whether other parts of the additions differ. */
    private static boolean isOnlyDifference(List<Image> images, Status earlier, Status now) {
        StatusBuilder expected = StatusBuilder.of(earlier);
        expected.profiles.clear();
        expected.profiles.putAll(now.profiles());
        for (Image image : images) {
            Map<String, String> hashes = new LinkedHashMap<>(expected.hashes.getOrDefault(owner(image), Map.of()));
            Optional.ofNullable(
                            now.hashes().getOrDefault(owner(image), Map.of()).get("image"))
                    .ifPresent(hash -> hashes.put("image", hash));
            expected.hashes.put(owner(image), hashes);
        }
        return expected.manifest(now.manifest()).build().equals(now);
    }

    /** Whether the Pod is up to date and complies with the policies as a new one. A new one also violates requirements that cannot be met. */
    private static boolean isLike(Pod replaced, Pod pod, Namespace namespace, Injector injector, Catalog catalog) {
        return Audit.findings(pod, namespace, injector, catalog, Audit.Detail.CAUSE).stream()
                        .noneMatch(finding -> CHANGED.contains(finding.kind()))
                && injector.violations(replaced, namespace, catalog)
                        .containsAll(injector.violations(pod, namespace, catalog));
    }

    /** The Pod with the new images and the new status. */
    private Pod applyTo(Pod pod) {
        ObjectNode tree = pod.tree().deepCopy();
        for (Image image : images) {
            for (JsonNode container : tree.path("spec").path(image.list().field())) {
                if (container.path("name").asText().equals(image.container())) {
                    ((ObjectNode) container).put("image", image.needed());
                }
            }
        }
        tree.withObject("/metadata/annotations").put(Annotations.STATUS, status);
        return read(tree);
    }

    private static Pod read(JsonNode tree) {
        try {
            return Pod.of(tree);
        } catch (MalformedPodException e) {
            throw new IllegalStateException("the Pod cannot be read after its injection: " + e.getMessage(), e);
        }
    }
}
